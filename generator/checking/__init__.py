"""What a note really says, beside what it was given to say."""
