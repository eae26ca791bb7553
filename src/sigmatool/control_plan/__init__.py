"""What operations watch, who acts, and what they do at a signal."""
