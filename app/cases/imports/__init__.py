"""Cases from a spreadsheet."""
