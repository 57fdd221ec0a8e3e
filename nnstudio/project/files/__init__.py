"""Projects in files: written whole or not at all, read with suspicion, and readable for ever.

A file of an older version is brought up to date by `migrations`; a damaged or hostile one is refused without harm.
"""
