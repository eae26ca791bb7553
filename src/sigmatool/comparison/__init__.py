"""What differs between stages or groups, by how much, and how surely."""
