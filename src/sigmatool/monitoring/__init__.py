"""New points against frozen limits, and whether hypercare can end."""
