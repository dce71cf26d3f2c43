"""What knows no subject: clock, encryption, database, forms."""
