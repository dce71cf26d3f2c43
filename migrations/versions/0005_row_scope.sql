-- Levels are the municipality's own set-up: everybody reads them, an administrator changes them.
ALTER TABLE niveauer ENABLE ROW LEVEL SECURITY;
CREATE POLICY niveauer_read ON niveauer FOR SELECT TO {app}, {stat} USING (true);
CREATE POLICY niveauer_write ON niveauer FOR ALL TO {app}
  USING ((SELECT ek_role()) = 'administrator') WITH CHECK ((SELECT ek_role()) = 'administrator');
GRANT SELECT, INSERT ON niveauer TO {app};
GRANT UPDATE (name, meaning, restricts, active, version) ON niveauer TO {app};
GRANT SELECT (number, name, active) ON niveauer TO {stat};

GRANT UPDATE (opened_niveau, contact, legal_basis, consent, consent_on, accepted_on) ON cases TO {app};
GRANT SELECT (accepted_on) ON cases TO {stat};

-- A theme is taken away by giving it a last day.
CREATE POLICY case_themes_change ON case_themes FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = case_themes.case_id));
GRANT UPDATE (to_day) ON case_themes TO {app};

-- ---------------------------------------------------------------- spells: written by the trigger alone
ALTER TABLE case_spells ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_spells_read ON case_spells FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = case_spells.case_id));
CREATE POLICY case_spells_stat ON case_spells FOR SELECT TO {stat} USING (true);
GRANT SELECT ON case_spells TO {app};
GRANT SELECT (status, niveau, from_day, until_day) ON case_spells TO {stat};

-- What there is already: active since it was opened, until it was closed.
INSERT INTO case_spells (case_id, status, niveau, from_day, until_day)
  SELECT id, 'aktiv', niveau, opened_on, closed_on FROM cases WHERE closed_on IS NULL OR opened_on < closed_on;
INSERT INTO case_spells (case_id, status, niveau, from_day)
  SELECT id, status, niveau, closed_on FROM cases WHERE closed_on IS NOT NULL;

-- A new spell ends the present one the same day. Two on one day leave the later: none is of no length.
CREATE FUNCTION ek_begin_spell(p_case integer, p_status text, p_niveau integer, p_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_present case_spells%ROWTYPE;
  v_before case_spells%ROWTYPE;
  v_day date;
BEGIN
  SELECT * INTO v_present FROM case_spells WHERE case_id = p_case AND until_day IS NULL FOR UPDATE;
  IF v_present.status = p_status AND v_present.niveau = p_niveau THEN
    RETURN;
  END IF;
  v_day := greatest(p_day, v_present.from_day);
  IF v_day = v_present.from_day THEN
    SELECT * INTO v_before FROM case_spells WHERE case_id = p_case AND until_day = v_day FOR UPDATE;
    IF v_before.status = p_status AND v_before.niveau = p_niveau THEN
      DELETE FROM case_spells WHERE id = v_present.id;
      UPDATE case_spells SET until_day = NULL WHERE id = v_before.id;
    ELSE
      UPDATE case_spells SET status = p_status, niveau = p_niveau WHERE id = v_present.id;
    END IF;
  ELSE
    UPDATE case_spells SET until_day = v_day WHERE id = v_present.id;
    INSERT INTO case_spells (case_id, status, niveau, from_day) VALUES (p_case, p_status, p_niveau, v_day);
  END IF;
END $$;

-- The days are those that the case itself tells, and today for a change that it does not date.
CREATE FUNCTION ek_keep_spells() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.accepted_on IS DISTINCT FROM NEW.opened_on THEN
      PERFORM ek_begin_spell(NEW.id, CASE NEW.status WHEN 'visitation' THEN 'visitation' ELSE 'henvendelse' END,
                             NEW.niveau, NEW.opened_on);
    END IF;
    IF NEW.accepted_on IS NOT NULL THEN
      PERFORM ek_begin_spell(NEW.id, 'aktiv', NEW.niveau, NEW.accepted_on);
    END IF;
    IF NEW.closed_on IS NOT NULL THEN
      PERFORM ek_begin_spell(NEW.id, NEW.status, NEW.niveau, NEW.closed_on);
    END IF;
  ELSE
    PERFORM ek_begin_spell(NEW.id, NEW.status, NEW.niveau, CASE
      WHEN NEW.closed_on IS DISTINCT FROM OLD.closed_on AND NEW.closed_on IS NOT NULL THEN NEW.closed_on
      WHEN NEW.accepted_on IS DISTINCT FROM OLD.accepted_on AND NEW.accepted_on IS NOT NULL THEN NEW.accepted_on
      ELSE coalesce(ek_today(), NEW.opened_on) END);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER cases_keep_spells AFTER INSERT OR UPDATE OF status, niveau ON cases
  FOR EACH ROW EXECUTE FUNCTION ek_keep_spells();

-- A referral is an open case as well: whose name it holds is found among those in use.
CREATE OR REPLACE FUNCTION ek_attach_citizen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE citizens SET attached = true,
      in_active_case = EXISTS (SELECT 1 FROM cases c WHERE c.citizen_id = NEW.citizen_id
                                 AND c.status IN ('henvendelse', 'visitation', 'aktiv'))
    WHERE id = NEW.citizen_id;
  RETURN NULL;
END $$;

-- ---------------------------------------------------------------- acts that change who sees the case
-- Restricting puts whoever does it on the case, who would else lose it; lifting is the leader's.
CREATE FUNCTION ek_set_restriction(p_case integer, p_restricted boolean, p_members integer[], p_at timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_case cases%ROWTYPE;
BEGIN
  PERFORM ek_require_case_worker(p_case);
  SELECT * INTO v_case FROM cases WHERE id = p_case FOR UPDATE;
  IF NOT p_restricted AND (ek_role() <> 'leder' OR v_case.unit_id <> ek_unit()) THEN
    RAISE EXCEPTION 'only the leader of its unit lifts the restriction of a case' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM ek_require_colleague(m, v_case.unit_id, '{mentor,koordinator,leder}') FROM unnest(p_members) m;
  IF p_restricted THEN
    INSERT INTO case_access (case_id, user_id, kind, from_day)
      SELECT DISTINCT p_case, m, 'member', ek_today() FROM unnest(p_members || ek_user_id()) m
      WHERE NOT EXISTS (SELECT 1 FROM case_access a WHERE a.case_id = p_case AND a.user_id = m
                          AND a.from_day <= ek_today() AND (a.to_day IS NULL OR a.to_day >= ek_today()));
  END IF;
  IF v_case.restricted IS DISTINCT FROM p_restricted THEN
    UPDATE cases SET restricted = p_restricted, version = version + 1 WHERE id = p_case;
  END IF;
  PERFORM ek_record(CASE WHEN p_restricted THEN 'case.restricted' ELSE 'case.unrestricted' END, p_case,
                    jsonb_build_object('members', p_members), p_at);
END $$;

-- The case goes to another unit with all that hangs on it. Nobody of the former unit sees it any more; whoever is
-- barred stays barred. Somebody there must see it, or nobody could ever take it up or move it on.
CREATE FUNCTION ek_transfer_case(p_case integer, p_unit integer, p_at timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_unit integer;
  v_restricted boolean;
BEGIN
  PERFORM ek_require_case_worker(p_case);
  SELECT unit_id, restricted INTO v_unit, v_restricted FROM cases WHERE id = p_case FOR UPDATE;
  IF v_unit = p_unit OR NOT EXISTS (SELECT 1 FROM units WHERE id = p_unit AND active) THEN
    RAISE EXCEPTION 'case % cannot be transferred to unit %', p_case, p_unit USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Locked, so that the only one is not closed or moved at the same time.
  PERFORM 1 FROM users u WHERE u.unit_id = p_unit AND u.active
      AND (u.role = 'leder' OR (u.role = 'koordinator' AND NOT v_restricted))
      AND NOT EXISTS (SELECT 1 FROM case_access a WHERE a.case_id = p_case AND a.user_id = u.id AND a.kind = 'barred'
                        AND a.from_day <= ek_today() AND (a.to_day IS NULL OR a.to_day >= ek_today()))
    ORDER BY u.id FOR SHARE OF u;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'nobody of unit % would see case %', p_unit, p_case USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM case_access WHERE case_id = p_case AND kind <> 'barred' AND from_day >= ek_today();
  UPDATE case_access SET to_day = ek_today() - 1
    WHERE case_id = p_case AND kind <> 'barred' AND (to_day IS NULL OR to_day >= ek_today());
  UPDATE cases SET unit_id = p_unit, owner_id = NULL, version = version + 1 WHERE id = p_case;
  PERFORM ek_record('case.transferred', p_case, jsonb_build_object('from_unit', v_unit, 'to_unit', p_unit), p_at);
END $$;

REVOKE ALL ON FUNCTION ek_begin_spell(integer, text, integer, date), ek_keep_spells(),
  ek_set_restriction(integer, boolean, integer[], timestamptz), ek_transfer_case(integer, integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ek_set_restriction(integer, boolean, integer[], timestamptz),
  ek_transfer_case(integer, integer, timestamptz) TO {app};
