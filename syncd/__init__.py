"""syncd keeps a ward's intranet folders and its nurseries' cloud folders the same, and says in chat what moved.

Start with `journey.py`: one round for one operator, told from top to bottom. Below it lie the rooms. Thought, without
disk, network, clock or database: `model` (the nouns), `errors`, `names`, `mirror` (who is who, gestures, plan),
`rulebook` (rules, periods, checklist, messages), `forms` (what stands where in a form), `checks`, `judging` (what they
come to), `reports` (pages). World, one thing outside each: `tree` (a directory tree that people also write to),
`clouds`, `intranet`, `versions` (kept bytes), `reading` (what stands in a file), `scanning`, `store` (database,
history, outbox), `notices` (chat). A round's own: `looking`, `examining`, `leaving` (the gate to the clouds),
`execution` (effects), `troubles` (single files that wait). Around them: `config` (config.yaml), `cli` (the commands),
`daemon` (threads, signals, systemd). docs/architecture.md names every one.
"""

__version__ = "0.1.0"
