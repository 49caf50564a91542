"""What people look at: the ward's progress page and workbook, and each operator's own PDF, made from the checklist.

Pure: frozen data in, bytes out, the same bytes for the same data; only the templates and the font that come with the
package are read, once. Refuses to know what is expected of whom (that is the rulebook's) and to write files. Nothing of
a document's content is shown: titles, states, days, cell addresses and counts. One operator's page is made of that
operator's lines alone.
"""
