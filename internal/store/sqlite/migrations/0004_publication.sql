-- Who published a version of a procedure, and when. Empty: the program itself, and before this was kept.

ALTER TABLE procedure ADD COLUMN publisher TEXT NOT NULL DEFAULT '';
ALTER TABLE procedure ADD COLUMN published TEXT NOT NULL DEFAULT '';
