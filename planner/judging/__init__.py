"""What licence, law, quality and sovereignty say of one choice. Each judge works from facts alone."""
