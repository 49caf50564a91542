"""Box as the cloud, through the package boxsdk; one file for each concern.

`connection` opens the one session and its token. `calls` sends single calls, counts them, paces them and knows which
may be repeated. `transfer` moves bytes. `items` turns Box's answers into `CloudItem`s, `events` follows what others
did, `tree` knows what lies where, `folders` keeps the operators' folders in place, `listening` waits for news.
`box` is the whole: the `Cloud` contract.

boxsdk costs a quarter of a second and 30 MB to load, so only `connection` and `calls` import it, when Box is called.
"""
