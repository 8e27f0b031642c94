"""Operations that mean no good, and what may come of them."""
