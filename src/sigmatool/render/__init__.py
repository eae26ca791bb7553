"""What can be drawn and written. Knows marks, tables and text; knows no statistics."""
