-- When codes first entered is forgotten after a while, however late they entered last.
CREATE INDEX list_tokens_by_first ON list_tokens (list, first_at) WHERE first_at IS NOT NULL;
-- What somebody checked in at a list.
CREATE INDEX check_ins_by_maker ON check_ins (list, made_by, number);
