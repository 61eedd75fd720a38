"""What services promise one another, one package per owner."""
