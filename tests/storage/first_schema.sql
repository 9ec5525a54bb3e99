BEGIN TRANSACTION;
CREATE TABLE administrator (
	id INTEGER NOT NULL, 
	email VARCHAR(255) NOT NULL, 
	name TEXT NOT NULL, 
	password VARCHAR(255) NOT NULL, 
	active BOOLEAN NOT NULL, 
	fs_uniquifier VARCHAR(64) NOT NULL, 
	every_board BOOLEAN NOT NULL, 
	CONSTRAINT pk_administrator PRIMARY KEY (id), 
	CONSTRAINT uq_administrator_email UNIQUE (email), 
	CONSTRAINT uq_administrator_fs_uniquifier UNIQUE (fs_uniquifier)
);
INSERT INTO "administrator" VALUES(1,'ann@example.org','Ann','$argon2id$v=19$m=65536,t=3,p=4$IaYUhldqfhPbPDpsx0mtpw$/NpUAWyfymN/wQ0SZ276QVcy7ekE68x4NpAEAES4Wuo',1,'5a01fb42eebaaf4375d79d114babc5e16bf071f2f2719525285232de6c69d329',1);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE board (
	id INTEGER NOT NULL, 
	"key" VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	vocabulary VARCHAR(40) NOT NULL, 
	support TEXT NOT NULL, 
	plugins TEXT NOT NULL, 
	created_on DATE NOT NULL, 
	CONSTRAINT pk_board PRIMARY KEY (id), 
	CONSTRAINT uq_board_key UNIQUE ("key")
);
INSERT INTO "board" VALUES(1,'first','First Board','scr','','[]','2026-11-21');
CREATE TABLE board_administrator (
	board_id INTEGER NOT NULL, 
	administrator_id INTEGER NOT NULL, 
	permissions TEXT NOT NULL, 
	CONSTRAINT pk_board_administrator PRIMARY KEY (board_id, administrator_id), 
	CONSTRAINT fk_board_administrator_administrator_id_administrator FOREIGN KEY(administrator_id) REFERENCES administrator (id) ON DELETE CASCADE, 
	CONSTRAINT fk_board_administrator_board_id_board FOREIGN KEY(board_id) REFERENCES board (id) ON DELETE CASCADE
);
CREATE TABLE entry (
	response_id VARCHAR(26) NOT NULL, 
	"key" VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_entry PRIMARY KEY (response_id, "key"), 
	CONSTRAINT fk_entry_response_id_response FOREIGN KEY(response_id) REFERENCES response (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "entry" VALUES('5tfiszo2p2ogpbdh5j7k2sax4a','qm11',1,'{"judgement":"partly_met","reflections":{"helped":"named 1: tea 🫖\nsecond line"}}');
INSERT INTO "entry" VALUES('6xpc3e3gg3ld65g2pgfa2gorwu','qm11',1,'{"judgement":"partly_met","reflections":{"helped":"confidential 2: tea 🫖\nsecond line"}}');
INSERT INTO "entry" VALUES('dvbb7ttnrsehm2uep7hmj4bhjy','qm11',1,'{"judgement":"partly_met","reflections":{"helped":"confidential 1: tea 🫖\nsecond line"}}');
INSERT INTO "entry" VALUES('ldahxtndhnt3hnszn35t75qztu','qm11',1,'{"judgement":"partly_met","reflections":{"helped":"named 0: tea 🫖\nsecond line"}}');
INSERT INTO "entry" VALUES('zfly4tg6plvrs32y3f4vodvbfm','qm11',1,'{"judgement":"partly_met","reflections":{"helped":"confidential 0: tea 🫖\nsecond line"}}');
CREATE TABLE invitation (
	id INTEGER NOT NULL, 
	round_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	email TEXT NOT NULL, 
	role VARCHAR(40) NOT NULL, 
	agency TEXT NOT NULL, 
	link_hash VARCHAR(64), 
	state VARCHAR(10) NOT NULL, 
	CONSTRAINT pk_invitation PRIMARY KEY (id), 
	CONSTRAINT fk_invitation_round_id_round FOREIGN KEY(round_id) REFERENCES round (id) ON DELETE CASCADE, 
	CONSTRAINT uq_invitation_link_hash UNIQUE (link_hash)
);
INSERT INTO "invitation" VALUES(1,1,'Pat 0','pat0@example.org','practitioner','Health','91be66a60c522633b0a834cf9f4055ed074e43e6f8b5be373377047740dfffca','submitted');
INSERT INTO "invitation" VALUES(2,1,'Pat 1','pat1@example.org','practitioner','Health','11b3e096cd3f0dd997a798026af251985d79d106a55b2727f52d360514ade9ff','submitted');
INSERT INTO "invitation" VALUES(3,1,'Pat 2','pat2@example.org','practitioner','Health','54f9bed5aae4401b535c800bd3534f900a837e3ac8863c73959f9f4b54203e76','not_begun');
INSERT INTO "invitation" VALUES(4,2,'Pat 0','pat0@example.org','practitioner','Health','bc6a46ece92aaffeade4694309cc414ffe3359dad53063d0afda54337ee92d2d','submitted');
INSERT INTO "invitation" VALUES(5,2,'Pat 1','pat1@example.org','practitioner','Health','7c558237d982702662434251a0c53d39742d7290301117f4a5626b7b2d0f207f','submitted');
INSERT INTO "invitation" VALUES(6,2,'Pat 2','pat2@example.org','practitioner','Health','f76fe93ecdaed97fac18e19e173b2df63752bbb458b3625ed86f39e6c7664ad0','submitted');
CREATE TABLE questionnaire (
	round_id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_questionnaire PRIMARY KEY (round_id), 
	CONSTRAINT fk_questionnaire_round_id_round FOREIGN KEY(round_id) REFERENCES round (id) ON DELETE CASCADE
);
INSERT INTO "questionnaire" VALUES(1,'e7d468ccf0e61e78f70c28e10267adcd97d5f78e3a07ef94a6f13fcb09c272de','{"board":"First Board","citations":["NSPCC/SCIE (2016) Serious case review quality markers. London: NSPCC/SCIE."],"closing":[{"choices":[],"favourable":"none","id":"went_well","kind":"text","published":null,"roles":[],"text":"What went well in how this serious case review was run?"},{"choices":[],"favourable":"none","id":"do_differently","kind":"text","published":null,"roles":[],"text":"What one or two things should be different in the next serious case review, and why?"},{"choices":[],"favourable":"none","id":"anything_else","kind":"text","published":null,"roles":[],"text":"Is there anything about how this serious case review was run that the markers did not ask about?"}],"closing_title":"The review as a whole","format":1,"groups":[{"key":"chair","roles":["chair"],"title":"chairs and board members"},{"key":"practitioner","roles":["practitioner"],"title":"practitioners"}],"judgements":[{"code":"met","label":"Met"},{"code":"partly_met","label":"Partly met"},{"code":"not_met","label":"Not met"},{"code":"not_applicable","label":"Not applicable"},{"code":"not_known","label":"I was not in a position to know"}],"keep_until":"2027-11-21","lengths":{"chair":"full","practitioner":"brief"},"made_with":{"example_board":"1","export_csv":"1","export_excel":"1","scrqm-forms":"0.1.0"},"markers":[{"citation":"NSPCC/SCIE (2016) Serious case review quality markers. London: NSPCC/SCIE.","equality":["Ask each person what would help them to take part: access, language, faith, caring duties, shifts, or a different place to meet.","Some people are easier to single out, such as the only one in the room of their ethnicity or profession. Plan with them how to prevent it."],"guidance":["Working Together asks that practitioners be fully involved, without fear of being blamed for what they did in good faith.","A new worry about somebody''s safety, or about somebody''s fitness to practise, goes through the usual channels and not through the serious case review."],"id":"qm11","knowledge":["A study for the Department for Education, reported by Community Care in 2014, found that an ethos of blame stands in the way of learning from reviews.","Some boards, Cambridgeshire and Peterborough among them, publish guidance on holding practitioner events as a safe space, with agencies choosing and supporting the staff who come."],"lead_in":"","number":11,"obstacles":[{"id":"fear_of_blame","text":"People held back because they were afraid of being blamed."},{"id":"not_released","text":"Other work could not be covered, so people came late, left early or did not come."},{"id":"short_notice","text":"Invitations came at short notice or explained too little."},{"id":"uneven_support","text":"How much support people had depended on which agency they worked for."},{"id":"some_not_invited","text":"People who had left, or who worked for small or independent services, were not invited."}],"origin":"markers/scr/11-practitioner-involvement.toml","questions":[{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"purpose_of_meetings","kind":"rating","published":1,"roles":["lead_reviewer","practitioner"],"text":"Was the purpose of each interview or event clear to those who were invited?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"clear_information","kind":"rating","published":2,"roles":["lead_reviewer","practitioner"],"text":"Were practitioners given clear information about the serious case review and their part in it?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"agencies_encourage","kind":"rating","published":3,"roles":["panel","lead_reviewer","practitioner"],"text":"Did agencies encourage their staff to contribute?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"support_planned","kind":"rating","published":4,"roles":["panel","lead_reviewer","practitioner"],"text":"Was support planned for each person who took part?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"protected_at_work","kind":"rating","published":5,"roles":["panel","lead_reviewer","practitioner"],"text":"Were practitioners protected in their own organisation from unfair consequences of what they said?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_applicable","label":"Not applicable"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"safe_in_groups","kind":"rating","published":6,"roles":["lead_reviewer","practitioner"],"text":"Were people supported and protected in group events?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"time_released","kind":"rating","published":null,"roles":["panel","practitioner"],"text":"Were practitioners given time away from other work to take part?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"heard_with_respect","kind":"rating","published":null,"roles":["lead_reviewer","practitioner"],"text":"Were practitioners listened to with respect, as people with something to teach?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"account_checked","kind":"rating","published":null,"roles":["lead_reviewer","practitioner"],"text":"Could practitioners check how their account was used before the report was final?"}],"rationale":"The people who did the work know things that no record holds: what they saw, what they were trying to do, and what stood in the way. Without them a serious case review can say what happened but must guess at why.\n\nA serious case review can also be frightening. It often comes on top of grief, and people may fear for their job or their name. Their employers owe them care throughout. When taking part goes well, people and their organisations begin to learn before any report is written.","set":"scr","source":"Written for SCRQM Forms after quality marker 11 of: NSPCC/SCIE (2016) Serious case review quality markers. London: NSPCC/SCIE.","stage":"running","statement":"For practitioners and managers, taking part is constructive: they know what it is for, they are heard, and they are looked after.","title":"Practitioner involvement","wording_status":"adapted"}],"minimum":3,"mode":"named","prompts":[{"hint":"What you saw, heard or did at the time, rather than what became clear later.","id":"how_known","text":"How do you know?"},{"hint":"","id":"helped","text":"What helped?"},{"hint":"","id":"hindered","text":"What got in the way?"},{"hint":"","id":"change_next","text":"What, if anything, should be different next time?"}],"purpose":"reflect","reference":"2026-01","review_title":"2026-01","roles":[{"key":"chair","plural":"chairs and board members","title":"Chair or board member"},{"key":"practitioner","plural":"practitioners","title":"Practitioner or first-line manager"}],"stages":[{"key":"running","title":"Running the review"}],"vocabulary":{"board":"board","board_short":"LSCB","business_unit":"business unit","chair":"chair of the board","family":"family","guidance":"Working Together","lead_reviewer":"lead reviewer","lead_reviewers":"lead reviewers","members":"board members","panel":"review panel","review":"serious case review","review_short":"SCR","reviews":"serious case reviews","subject":"child"}}');
INSERT INTO "questionnaire" VALUES(2,'23316d2dbd0c8b6a580db414ca3f50a9f51e97135de5edaf315e1fdb811f1100','{"board":"First Board","citations":["NSPCC/SCIE (2016) Serious case review quality markers. London: NSPCC/SCIE."],"closing":[{"choices":[],"favourable":"none","id":"went_well","kind":"text","published":null,"roles":[],"text":"What went well in how this serious case review was run?"},{"choices":[],"favourable":"none","id":"do_differently","kind":"text","published":null,"roles":[],"text":"What one or two things should be different in the next serious case review, and why?"},{"choices":[],"favourable":"none","id":"anything_else","kind":"text","published":null,"roles":[],"text":"Is there anything about how this serious case review was run that the markers did not ask about?"}],"closing_title":"The review as a whole","format":1,"groups":[{"key":"chair+practitioner","roles":["chair","practitioner"],"title":"everyone"}],"judgements":[{"code":"met","label":"Met"},{"code":"partly_met","label":"Partly met"},{"code":"not_met","label":"Not met"},{"code":"not_applicable","label":"Not applicable"},{"code":"not_known","label":"I was not in a position to know"}],"keep_until":"2027-11-21","lengths":{"chair":"full","practitioner":"brief"},"made_with":{"example_board":"1","export_csv":"1","export_excel":"1","scrqm-forms":"0.1.0"},"markers":[{"citation":"NSPCC/SCIE (2016) Serious case review quality markers. London: NSPCC/SCIE.","equality":["Ask each person what would help them to take part: access, language, faith, caring duties, shifts, or a different place to meet.","Some people are easier to single out, such as the only one in the room of their ethnicity or profession. Plan with them how to prevent it."],"guidance":["Working Together asks that practitioners be fully involved, without fear of being blamed for what they did in good faith.","A new worry about somebody''s safety, or about somebody''s fitness to practise, goes through the usual channels and not through the serious case review."],"id":"qm11","knowledge":["A study for the Department for Education, reported by Community Care in 2014, found that an ethos of blame stands in the way of learning from reviews.","Some boards, Cambridgeshire and Peterborough among them, publish guidance on holding practitioner events as a safe space, with agencies choosing and supporting the staff who come."],"lead_in":"","number":11,"obstacles":[{"id":"fear_of_blame","text":"People held back because they were afraid of being blamed."},{"id":"not_released","text":"Other work could not be covered, so people came late, left early or did not come."},{"id":"short_notice","text":"Invitations came at short notice or explained too little."},{"id":"uneven_support","text":"How much support people had depended on which agency they worked for."},{"id":"some_not_invited","text":"People who had left, or who worked for small or independent services, were not invited."}],"origin":"markers/scr/11-practitioner-involvement.toml","questions":[{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"purpose_of_meetings","kind":"rating","published":1,"roles":["lead_reviewer","practitioner"],"text":"Was the purpose of each interview or event clear to those who were invited?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"clear_information","kind":"rating","published":2,"roles":["lead_reviewer","practitioner"],"text":"Were practitioners given clear information about the serious case review and their part in it?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"agencies_encourage","kind":"rating","published":3,"roles":["panel","lead_reviewer","practitioner"],"text":"Did agencies encourage their staff to contribute?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"support_planned","kind":"rating","published":4,"roles":["panel","lead_reviewer","practitioner"],"text":"Was support planned for each person who took part?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"protected_at_work","kind":"rating","published":5,"roles":["panel","lead_reviewer","practitioner"],"text":"Were practitioners protected in their own organisation from unfair consequences of what they said?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_applicable","label":"Not applicable"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"safe_in_groups","kind":"rating","published":6,"roles":["lead_reviewer","practitioner"],"text":"Were people supported and protected in group events?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"time_released","kind":"rating","published":null,"roles":["panel","practitioner"],"text":"Were practitioners given time away from other work to take part?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"heard_with_respect","kind":"rating","published":null,"roles":["lead_reviewer","practitioner"],"text":"Were practitioners listened to with respect, as people with something to teach?"},{"choices":[{"code":"yes","label":"Yes"},{"code":"partly","label":"Partly"},{"code":"no","label":"No"},{"code":"not_known","label":"I was not in a position to know"}],"favourable":"yes","id":"account_checked","kind":"rating","published":null,"roles":["lead_reviewer","practitioner"],"text":"Could practitioners check how their account was used before the report was final?"}],"rationale":"The people who did the work know things that no record holds: what they saw, what they were trying to do, and what stood in the way. Without them a serious case review can say what happened but must guess at why.\n\nA serious case review can also be frightening. It often comes on top of grief, and people may fear for their job or their name. Their employers owe them care throughout. When taking part goes well, people and their organisations begin to learn before any report is written.","set":"scr","source":"Written for SCRQM Forms after quality marker 11 of: NSPCC/SCIE (2016) Serious case review quality markers. London: NSPCC/SCIE.","stage":"running","statement":"For practitioners and managers, taking part is constructive: they know what it is for, they are heard, and they are looked after.","title":"Practitioner involvement","wording_status":"adapted"}],"minimum":3,"mode":"confidential","prompts":[{"hint":"What you saw, heard or did at the time, rather than what became clear later.","id":"how_known","text":"How do you know?"},{"hint":"","id":"helped","text":"What helped?"},{"hint":"","id":"hindered","text":"What got in the way?"},{"hint":"","id":"change_next","text":"What, if anything, should be different next time?"}],"purpose":"reflect","reference":"2026-01","review_title":"2026-01","roles":[{"key":"chair","plural":"chairs and board members","title":"Chair or board member"},{"key":"practitioner","plural":"practitioners","title":"Practitioner or first-line manager"}],"stages":[{"key":"running","title":"Running the review"}],"vocabulary":{"board":"board","board_short":"LSCB","business_unit":"business unit","chair":"chair of the board","family":"family","guidance":"Working Together","lead_reviewer":"lead reviewer","lead_reviewers":"lead reviewers","members":"board members","panel":"review panel","review":"serious case review","review_short":"SCR","reviews":"serious case reviews","subject":"child"}}');
CREATE TABLE response (
	id VARCHAR(26) NOT NULL, 
	round_id INTEGER NOT NULL, 
	link_hash VARCHAR(64) NOT NULL, 
	group_key TEXT NOT NULL, 
	submitted BOOLEAN NOT NULL, 
	invitation_id INTEGER, 
	role VARCHAR(40), 
	submitted_on DATE, 
	CONSTRAINT pk_response PRIMARY KEY (id), 
	CONSTRAINT fk_response_invitation_id_invitation FOREIGN KEY(invitation_id) REFERENCES invitation (id) ON DELETE CASCADE, 
	CONSTRAINT fk_response_round_id_round FOREIGN KEY(round_id) REFERENCES round (id) ON DELETE CASCADE, 
	CONSTRAINT uq_response_link_hash UNIQUE (link_hash)
)
 WITHOUT ROWID

;
INSERT INTO "response" VALUES('5tfiszo2p2ogpbdh5j7k2sax4a',1,'d4b7a7a74391681185f45bbd901f3b790f8d36e7f1d28d1d76d8e84f8d47c672','practitioner',1,2,'practitioner','2026-11-21');
INSERT INTO "response" VALUES('6xpc3e3gg3ld65g2pgfa2gorwu',2,'f1e689e382f896a6c96e2b2ef8ca29faa080d15ab03b793109fa15b53bc5b628','chair+practitioner',1,NULL,NULL,NULL);
INSERT INTO "response" VALUES('dvbb7ttnrsehm2uep7hmj4bhjy',2,'0296cdca886c34cf90d5466cd8d0860154d19163627ff1be6874edb2c9298781','chair+practitioner',1,NULL,NULL,NULL);
INSERT INTO "response" VALUES('ldahxtndhnt3hnszn35t75qztu',1,'5b8e474cf0a5e46a04ab6300cef8645b49668198999404d78170d1aacf60d0fb','practitioner',1,1,'practitioner','2026-11-21');
INSERT INTO "response" VALUES('zfly4tg6plvrs32y3f4vodvbfm',2,'01af88fbc2c2153848bceb23db58e74c8934c0cb04120211c954d44fface7aa2','chair+practitioner',1,NULL,NULL,NULL);
CREATE TABLE review (
	id INTEGER NOT NULL, 
	board_id INTEGER NOT NULL, 
	"key" VARCHAR(8) NOT NULL, 
	reference TEXT NOT NULL, 
	title TEXT NOT NULL, 
	keep_until DATE NOT NULL, 
	created_on DATE NOT NULL, 
	CONSTRAINT pk_review PRIMARY KEY (id), 
	CONSTRAINT fk_review_board_id_board FOREIGN KEY(board_id) REFERENCES board (id) ON DELETE CASCADE, 
	CONSTRAINT uq_review_key UNIQUE ("key")
);
INSERT INTO "review" VALUES(1,1,'BYBQFTFT','2026-01','2026-01','2027-11-21','2026-11-21');
CREATE TABLE round (
	id INTEGER NOT NULL, 
	review_id INTEGER NOT NULL, 
	"key" VARCHAR(40) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	settings TEXT NOT NULL, 
	closes_on DATE NOT NULL, 
	opened_on DATE, 
	closed_on DATE, 
	shuffle_key VARCHAR(64) NOT NULL, 
	shown_groups TEXT NOT NULL, 
	synthetic BOOLEAN NOT NULL, 
	CONSTRAINT pk_round PRIMARY KEY (id), 
	CONSTRAINT fk_round_review_id_review FOREIGN KEY(review_id) REFERENCES review (id) ON DELETE CASCADE, 
	CONSTRAINT uq_round_review_id UNIQUE (review_id, "key")
);
INSERT INTO "round" VALUES(1,1,'reflect','open','{"purpose":"reflect","mode":"named","minimum":3,"roles":["chair","practitioner"],"markers":["qm11"],"lengths":{"practitioner":"brief"}}','2026-12-11','2026-11-21',NULL,'a3dd6d2eb809ba4b477bcc0b036f14920bb18bf03462cc231b7f8ec1260656b7','',0);
INSERT INTO "round" VALUES(2,1,'reflect_2','closed','{"purpose":"reflect","mode":"confidential","minimum":3,"roles":["chair","practitioner"],"markers":["qm11"],"lengths":{"practitioner":"brief"}}','2026-12-11','2026-11-21','2026-11-21','2b990c2f219274c935197366045456f373531b6a185ed14282a1686aad0ac02e','[["chair+practitioner"]]',0);
CREATE TABLE sign_in_link (
	link_hash VARCHAR(64) NOT NULL, 
	administrator_id INTEGER, 
	board_id INTEGER, 
	expires_at INTEGER NOT NULL, 
	CONSTRAINT pk_sign_in_link PRIMARY KEY (link_hash), 
	CONSTRAINT fk_sign_in_link_administrator_id_administrator FOREIGN KEY(administrator_id) REFERENCES administrator (id) ON DELETE CASCADE, 
	CONSTRAINT fk_sign_in_link_board_id_board FOREIGN KEY(board_id) REFERENCES board (id) ON DELETE CASCADE
);
CREATE TABLE throttle (
	"key" VARCHAR(80) NOT NULL, 
	window_ends_at INTEGER NOT NULL, 
	failures INTEGER NOT NULL, 
	CONSTRAINT pk_throttle PRIMARY KEY ("key")
);
CREATE INDEX ix_throttle_window_ends_at ON throttle (window_ends_at);
CREATE INDEX ix_review_board_id ON review (board_id);
CREATE INDEX ix_invitation_round_id ON invitation (round_id);
CREATE INDEX ix_response_invitation_id ON response (invitation_id);
CREATE INDEX ix_response_round_id_id ON response (round_id, id);
COMMIT;
