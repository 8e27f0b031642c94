"""Where knowledge comes from: one small module for each format, lines in, records out."""
