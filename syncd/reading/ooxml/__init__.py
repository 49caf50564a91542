"""The inside of xlsx files, as bytes and XML: nothing here opens a program, follows a link or calculates."""
