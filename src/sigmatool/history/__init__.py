"""What a chain of reviews adds up to, and which of them are due again."""
