-- Deadlines, reminders and mails follow the sight of their case (0002_row_scope.sql).

-- ---------------------------------------------------------------- rules
ALTER TABLE deadline_rules ENABLE ROW LEVEL SECURITY;
CREATE POLICY deadline_rules_read ON deadline_rules FOR SELECT TO {app}, {job}, {stat} USING (true);
GRANT SELECT ON deadline_rules TO {app}, {job}, {stat};

-- ---------------------------------------------------------------- deadlines
ALTER TABLE deadlines ENABLE ROW LEVEL SECURITY;
CREATE POLICY deadlines_read ON deadlines FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = deadlines.case_id));
-- A clock is started and stopped by those who work on the case; a mentor who is on it only sees it.
CREATE POLICY deadlines_add ON deadlines FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = deadlines.case_id));
CREATE POLICY deadlines_change ON deadlines FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = deadlines.case_id))
  WITH CHECK (EXISTS (SELECT 1 FROM cases WHERE cases.id = deadlines.case_id));
CREATE POLICY deadlines_job ON deadlines FOR ALL TO {job} USING (true) WITH CHECK (true);
CREATE POLICY deadlines_stat ON deadlines FOR SELECT TO {stat} USING (true);
GRANT SELECT, INSERT ON deadlines TO {app};
-- What started a clock and when it ends is written once; only stopping it is written later.
GRANT UPDATE (next_reminder_on, stopped_at, stopped_on, outcome, reason, version) ON deadlines TO {app};
GRANT SELECT (id, case_id, rule_id, subject_kind, subject_id, started_on, due_on, last_workday, next_reminder_on, stopped_at)
  ON deadlines TO {job};
GRANT UPDATE (next_reminder_on) ON deadlines TO {job};
GRANT SELECT (id, case_id, rule_id, subject_kind, subject_id, started_at, started_on, due_on, stopped_at, stopped_on, outcome)
  ON deadlines TO {stat};

-- ---------------------------------------------------------------- reminders: written by the sweep alone
ALTER TABLE reminders ENABLE ROW LEVEL SECURITY;
CREATE POLICY reminders_read ON reminders FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = reminders.case_id));
CREATE POLICY reminders_job ON reminders FOR ALL TO {job} USING (true) WITH CHECK (true);
GRANT SELECT ON reminders TO {app};
GRANT SELECT, INSERT ON reminders TO {job};
-- Whoever may not see a case, or is barred from it, is told nothing about it.
CREATE POLICY case_access_job ON case_access FOR SELECT TO {job} USING (true);
GRANT SELECT (case_id, user_id, kind, from_day, to_day) ON case_access TO {job};

-- A new owner is told where the case's clocks stand: the next sweep sends the newest step to whoever has not had it.
CREATE FUNCTION ek_remind_new_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE deadlines SET next_reminder_on = least(next_reminder_on, ek_today())
    WHERE case_id = NEW.id AND next_reminder_on IS NOT NULL;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION ek_remind_new_owner() FROM PUBLIC;
CREATE TRIGGER cases_remind_new_owner AFTER UPDATE OF owner_id ON cases FOR EACH ROW
  WHEN (NEW.owner_id IS DISTINCT FROM OLD.owner_id) EXECUTE FUNCTION ek_remind_new_owner();

-- ---------------------------------------------------------------- outbox
ALTER TABLE outbox_mails ENABLE ROW LEVEL SECURITY;
-- A mail that belongs to no case (a link to set a password) is read by nobody but the scheduler.
CREATE POLICY outbox_mails_read ON outbox_mails FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = outbox_mails.case_id));
CREATE POLICY outbox_mails_add ON outbox_mails FOR INSERT TO {app}
  WITH CHECK (state = 'queued'
    AND (case_id IS NULL OR EXISTS (SELECT 1 FROM cases WHERE cases.id = outbox_mails.case_id)));
CREATE POLICY outbox_mails_job ON outbox_mails FOR ALL TO {job} USING (true) WITH CHECK (true);
GRANT INSERT ON outbox_mails TO {app};
GRANT SELECT (id, key, message_id, recipient_id, subject, secret, case_id, about_kind, about_id, state, attempts,
  next_attempt_at, error_code, error, created_at, sent_at) ON outbox_mails TO {app};
GRANT SELECT, INSERT ON outbox_mails TO {job};
GRANT UPDATE (body, state, attempts, next_attempt_at, error_code, error, sent_at) ON outbox_mails TO {job};

-- ---------------------------------------------------------------- how the sending goes
-- Whether mail gets out concerns everybody, also when the mails themselves are out of sight: two figures, no row.
CREATE FUNCTION ek_unsent_mail(p_since timestamptz) RETURNS TABLE (oldest timestamptz, failed bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (SELECT min(created_at) FROM outbox_mails WHERE state = 'queued'),
         (SELECT count(*) FROM outbox_mails WHERE state = 'failed' AND created_at >= p_since)
$$;
CREATE FUNCTION ek_outbox_states() RETURNS TABLE (state text, mails bigint, oldest timestamptz, newest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.state::text, count(*), min(m.created_at), max(m.created_at) FROM outbox_mails m
  WHERE ek_role() = 'administrator' GROUP BY m.state
$$;
REVOKE ALL ON FUNCTION ek_unsent_mail(timestamptz), ek_outbox_states() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ek_unsent_mail(timestamptz), ek_outbox_states() TO {app};
GRANT DELETE ON job_runs TO {job};
