-- The row scope of what hangs on a citizen: it is seen with the citizen, and worked on by those who work on cases.

-- ---------------------------------------------------------------- phones, addresses, mail
ALTER TABLE citizen_contact_points ENABLE ROW LEVEL SECURITY;
CREATE POLICY citizen_contact_points_read ON citizen_contact_points FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM citizens c WHERE c.id = citizen_contact_points.citizen_id));
CREATE POLICY citizen_contact_points_add ON citizen_contact_points FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder') AND created_by_id = (SELECT ek_user_id())
    AND EXISTS (SELECT 1 FROM citizens c WHERE c.id = citizen_contact_points.citizen_id));
CREATE POLICY citizen_contact_points_change ON citizen_contact_points FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM citizens c WHERE c.id = citizen_contact_points.citizen_id));
GRANT SELECT, INSERT ON citizen_contact_points TO {app};
GRANT UPDATE (kind, value, note, from_day, to_day, voided_at, version) ON citizen_contact_points TO {app};

-- ---------------------------------------------------------------- former numbers, and what was merged: written below
ALTER TABLE citizen_cpr_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY citizen_cpr_changes_read ON citizen_cpr_changes FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM citizens c WHERE c.id = citizen_cpr_changes.citizen_id));
GRANT SELECT ON citizen_cpr_changes TO {app};

ALTER TABLE citizen_merges ENABLE ROW LEVEL SECURITY;
CREATE POLICY citizen_merges_read ON citizen_merges FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM citizens c WHERE c.id = citizen_merges.kept_id));
GRANT SELECT ON citizen_merges TO {app};

-- The date of birth is typed as long as no CPR number tells it.
GRANT UPDATE (birth_date, birth_month) ON citizens TO {app};

-- ---------------------------------------------------------------- owner-side functions
CREATE FUNCTION ek_require_citizen_worker(p_citizen integer) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF ek_role() IS NULL OR ek_role() NOT IN ('koordinator', 'leder') OR NOT ek_citizen_in_sight(p_citizen) THEN
    RAISE EXCEPTION 'not a case worker of this citizen' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- What is done to a citizen's contact data stands in the record of each case, also of those out of the doer's sight.
CREATE FUNCTION ek_record_contact_point(p_citizen integer, p_event text, p_point integer, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM ek_require_citizen_worker(p_citizen);
  IF p_event NOT IN ('citizen.contact-added', 'citizen.contact-changed', 'citizen.contact-voided') THEN
    RAISE EXCEPTION 'event % is not recorded here', p_event USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO audit_events (at, event, user_id, case_id, subject_type, subject_id, details)
    SELECT p_at, p_event, ek_user_id(), id, 'citizen_contact_point', p_point, jsonb_build_object('citizen', p_citizen)
    FROM cases WHERE citizen_id = p_citizen ORDER BY id;
END $$;

-- Whether a number belongs to somebody else, now or formerly.
CREATE FUNCTION ek_cpr_in_use(p_index bytea, p_but integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM citizens WHERE cpr_index = p_index AND id IS DISTINCT FROM p_but)
    OR EXISTS (SELECT 1 FROM citizen_cpr_changes WHERE former_index = p_index AND citizen_id IS DISTINCT FROM p_but)
$$;

-- The same as before, which now also knows of former numbers.
CREATE OR REPLACE FUNCTION ek_cpr_taken(p_index bytea, p_at timestamptz, p_most_per_hour integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_answered integer;
  v_taken boolean;
BEGIN
  IF ek_role() IS NULL OR ek_role() NOT IN ('koordinator', 'leder') THEN
    RAISE EXCEPTION 'only a coordinator or leader asks' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ek_cpr_taken'), ek_user_id());
  SELECT count(*) INTO v_answered FROM audit_events
    WHERE user_id = ek_user_id() AND at > p_at - interval '1 hour'
      AND event = 'citizen.cpr-asked' AND details ->> 'taken' IS NOT NULL;
  IF v_answered < p_most_per_hour THEN
    v_taken := ek_cpr_in_use(p_index, NULL);
  END IF;
  PERFORM ek_record('citizen.cpr-asked', NULL, jsonb_build_object('taken', v_taken), p_at);
  RETURN v_taken;
END $$;

-- A citizen gets a number, or another one. A number that was wrong is free again; one that was replaced still finds
-- the citizen. Answers what stands in the way: 'changed', 'taken', or nothing.
CREATE FUNCTION ek_set_cpr(p_citizen integer, p_version integer, p_kind text, p_cpr bytea, p_index bytea,
  p_birth_month date, p_former bytea, p_reasons bytea, p_at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_citizen citizens%ROWTYPE;
BEGIN
  PERFORM ek_require_citizen_worker(p_citizen);
  SELECT * INTO v_citizen FROM citizens WHERE id = p_citizen FOR UPDATE;
  IF v_citizen.version <> p_version OR v_citizen.merged_into_id IS NOT NULL THEN
    RETURN 'changed';
  END IF;
  IF ek_cpr_in_use(p_index, p_citizen) THEN
    RETURN 'taken';
  END IF;
  INSERT INTO citizen_cpr_changes (citizen_id, kind, former_cpr, former_index, reasons, changed_by_id, changed_at)
    VALUES (p_citizen, p_kind, CASE WHEN v_citizen.cpr IS NOT NULL THEN p_former END,
      CASE WHEN p_kind = 'nyt' THEN v_citizen.cpr_index END, p_reasons, ek_user_id(), p_at);
  UPDATE citizens SET cpr = p_cpr, cpr_index = p_index, birth_date = NULL, birth_month = p_birth_month,
    version = version + 1 WHERE id = p_citizen;
  INSERT INTO audit_events (at, event, user_id, case_id, subject_type, subject_id, details)
    SELECT p_at, 'citizen.cpr-changed', ek_user_id(), id, 'citizen', p_citizen, jsonb_build_object('cpr_change', p_kind)
    FROM cases WHERE citizen_id = p_citizen ORDER BY id;
  RETURN NULL;
END $$;

-- Moves whatever names one citizen to another, as the catalogue of foreign keys tells: also what is made later. What
-- cannot stand beside what the other has (a relation to oneself, the same membership twice, a second one of what there
-- is one of) is taken away, and kept whole in the answer. Who went, and what he went into, stays.
CREATE FUNCTION ek_move_citizen(p_from integer, p_to integer) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_key record;
  v_row record;
  v_moved jsonb := '{}';
  v_dropped jsonb := '[]';
  v_ids jsonb;
  v_stands boolean;
BEGIN
  FOR v_key IN
    SELECT child, col, array_remove(array_agg(col) OVER (PARTITION BY child), col) AS others FROM (
      SELECT con.conrelid::regclass::text AS child, att.attname::text AS col
      FROM pg_constraint con
      CROSS JOIN LATERAL unnest(con.conkey, con.confkey) AS pair(child_att, parent_att)
      JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = pair.child_att
      JOIN pg_attribute target ON target.attrelid = con.confrelid AND target.attnum = pair.parent_att
      WHERE con.contype = 'f' AND con.confrelid = 'citizens'::regclass AND target.attname = 'id'
        AND NOT (con.conrelid = 'citizen_merges'::regclass AND att.attname = 'gone_id')
    ) keys
    ORDER BY child, col
  LOOP
    v_ids := '[]';
    FOR v_row IN EXECUTE format('SELECT t.ctid AS place, to_jsonb(t) AS content FROM %s t WHERE %I = $1 FOR UPDATE',
      v_key.child, v_key.col) USING p_from
    LOOP
      v_stands := NOT EXISTS (SELECT 1 FROM unnest(v_key.others) other WHERE (v_row.content ->> other)::integer = p_to)
        AND NOT CASE WHEN v_key.child = 'group_members' THEN ek_join_membership(v_row.content, p_to) ELSE false END;
      IF v_stands THEN
        BEGIN
          EXECUTE format('UPDATE %s SET %I = $1 WHERE ctid = $2', v_key.child, v_key.col) USING p_to, v_row.place;
          v_ids := v_ids || coalesce(v_row.content -> 'id', 'null');
        EXCEPTION WHEN unique_violation OR exclusion_violation OR check_violation THEN
          v_stands := false;
        END;
      END IF;
      IF NOT v_stands THEN
        EXECUTE format('DELETE FROM %s WHERE ctid = $1', v_key.child) USING v_row.place;
        v_dropped := v_dropped || jsonb_build_object('table', v_key.child, 'row', v_row.content);
      END IF;
    END LOOP;
    IF v_ids <> '[]' THEN
      v_moved := v_moved || jsonb_build_object(v_key.child || '.' || v_key.col, v_ids);
    END IF;
  END LOOP;
  RETURN jsonb_build_object('moved', v_moved, 'dropped', v_dropped);
END $$;

-- Both were in the group at the same time: one membership over the days of both. Answers whether that was so.
CREATE FUNCTION ek_join_membership(p_row jsonb, p_to integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_from date := (p_row ->> 'from_day')::date;
  v_until date := (p_row ->> 'to_day')::date;
BEGIN
  IF p_row ->> 'removed_at' IS NOT NULL THEN
    RETURN false;
  END IF;
  UPDATE group_members SET from_day = least(from_day, v_from), version = version + 1,
      to_day = CASE WHEN to_day IS NULL OR v_until IS NULL THEN NULL ELSE greatest(to_day, v_until) END
    WHERE id = (SELECT id FROM group_members
                WHERE group_id = (p_row ->> 'group_id')::integer AND citizen_id = p_to AND removed_at IS NULL
                  AND daterange(from_day, to_day, '[]') && daterange(v_from, v_until, '[]') ORDER BY id LIMIT 1);
  RETURN FOUND;
END $$;

-- Two citizens who are one. Answers what stands in the way: 'hidden' (a case of either is out of the actor's sight),
-- 'open' (both have an open case), 'changed', or nothing. One CPR number is kept, the other is a former number of the
-- citizen, which finds him only when it is said to.
CREATE FUNCTION ek_merge_citizens(p_kept integer, p_kept_version integer, p_gone integer, p_gone_version integer,
  p_take_cpr boolean, p_former bytea, p_former_finds boolean, p_reasons bytea, p_snapshot bytea, p_at timestamptz)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_kept citizens%ROWTYPE;
  v_gone citizens%ROWTYPE;
  v_takes boolean;
  v_former bytea;
  v_moved jsonb;
BEGIN
  PERFORM ek_require_citizen_worker(p_kept);
  PERFORM ek_require_citizen_worker(p_gone);
  PERFORM 1 FROM citizens WHERE id IN (p_kept, p_gone) ORDER BY id FOR UPDATE;
  SELECT * INTO v_kept FROM citizens WHERE id = p_kept;
  SELECT * INTO v_gone FROM citizens WHERE id = p_gone;
  IF p_kept = p_gone OR v_kept.version <> p_kept_version OR v_gone.version <> p_gone_version
    OR v_kept.merged_into_id IS NOT NULL OR v_gone.merged_into_id IS NOT NULL THEN
    RETURN 'changed';
  END IF;
  IF EXISTS (SELECT 1 FROM cases c WHERE c.citizen_id IN (p_kept, p_gone) AND NOT ek_case_in_sight(c.id)) THEN
    RETURN 'hidden';
  END IF;
  IF EXISTS (SELECT 1 FROM cases WHERE citizen_id = p_kept AND closed_on IS NULL)
    AND EXISTS (SELECT 1 FROM cases WHERE citizen_id = p_gone AND closed_on IS NULL) THEN
    RETURN 'open';
  END IF;
  v_moved := ek_move_citizen(p_gone, p_kept);
  UPDATE citizens SET cpr = NULL, cpr_index = NULL, birth_date = NULL, name_tokens = '{}', attached = true,
    in_active_case = false, merged_into_id = p_kept, version = version + 1 WHERE id = p_gone;
  v_takes := v_gone.cpr IS NOT NULL AND (v_kept.cpr IS NULL OR p_take_cpr);
  v_former := CASE WHEN v_takes THEN v_kept.cpr_index ELSE v_gone.cpr_index END;
  IF v_former IS NOT NULL THEN
    INSERT INTO citizen_cpr_changes (citizen_id, kind, former_cpr, former_index, changed_by_id, changed_at)
      VALUES (p_kept, 'sammenlagt', p_former, CASE WHEN p_former_finds THEN v_former END, ek_user_id(), p_at);
  END IF;
  -- The version passes both: a form that was made of either is told that something changed.
  UPDATE citizens SET
      cpr = CASE WHEN v_takes THEN v_gone.cpr ELSE cpr END,
      cpr_index = CASE WHEN v_takes THEN v_gone.cpr_index ELSE cpr_index END,
      birth_month = CASE WHEN v_takes THEN v_gone.birth_month ELSE birth_month END,
      birth_date = CASE WHEN v_takes THEN NULL ELSE birth_date END,
      attached = v_kept.attached OR EXISTS (SELECT 1 FROM cases WHERE citizen_id = p_kept),
      in_active_case = v_kept.in_active_case OR v_gone.in_active_case,
      version = greatest(v_kept.version, v_gone.version) + 1
    WHERE id = p_kept;
  INSERT INTO citizen_merges (kept_id, gone_id, reasons, snapshot, moved, merged_by_id, merged_at)
    VALUES (p_kept, p_gone, p_reasons, p_snapshot, v_moved, ek_user_id(), p_at);
  INSERT INTO audit_events (at, event, user_id, case_id, subject_type, subject_id, details)
    SELECT p_at, 'citizen.merged', ek_user_id(), c.id, 'citizen', p_kept, jsonb_build_object('kept', p_kept, 'gone', p_gone)
    FROM (SELECT id FROM cases WHERE citizen_id = p_kept UNION ALL
          SELECT NULL WHERE NOT EXISTS (SELECT 1 FROM cases WHERE citizen_id = p_kept)) c
    ORDER BY c.id;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION ek_require_citizen_worker(integer), ek_record_contact_point(integer, text, integer, timestamptz),
  ek_cpr_in_use(bytea, integer), ek_set_cpr(integer, integer, text, bytea, bytea, date, bytea, bytea, timestamptz),
  ek_move_citizen(integer, integer), ek_join_membership(jsonb, integer),
  ek_merge_citizens(integer, integer, integer, integer, boolean, bytea, boolean, bytea, bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ek_record_contact_point(integer, text, integer, timestamptz),
  ek_set_cpr(integer, integer, text, bytea, bytea, date, bytea, bytea, timestamptz),
  ek_merge_citizens(integer, integer, integer, integer, boolean, bytea, boolean, bytea, bytea, timestamptz) TO {app};
