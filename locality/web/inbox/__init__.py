"""What the viewer and their teams ought to know, and whose record they opened lately."""
