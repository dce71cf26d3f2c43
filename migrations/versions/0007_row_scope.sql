-- Relations, people without a case, and groups: what of them exists for whom (0002_row_scope.sql).

-- ---------------------------------------------------------------- groups
-- The unit's leader and coordinators; a restricted group only the leader, its creator and the named.
ALTER TABLE groups ENABLE ROW LEVEL SECURITY;
CREATE POLICY groups_read ON groups FOR SELECT TO {app} USING (
  unit_id = (SELECT ek_unit())
  AND ((SELECT ek_role()) = 'leder'
    OR ((SELECT ek_role()) = 'koordinator'
      AND (NOT restricted OR created_by_id = (SELECT ek_user_id()) OR (SELECT ek_user_id()) = ANY (named_ids))))
);
CREATE POLICY groups_add ON groups FOR INSERT TO {app} WITH CHECK (
  unit_id = (SELECT ek_unit()) AND (SELECT ek_role()) IN ('koordinator', 'leder')
  AND created_by_id = (SELECT ek_user_id())
);
-- A policy for reading does not bind an UPDATE that reads nothing, so sight is asked for once more.
CREATE POLICY groups_change ON groups FOR UPDATE TO {app} USING (
  unit_id = (SELECT ek_unit())
  AND ((SELECT ek_role()) = 'leder'
    OR ((SELECT ek_role()) = 'koordinator'
      AND (NOT restricted OR created_by_id = (SELECT ek_user_id()) OR (SELECT ek_user_id()) = ANY (named_ids))))
);
GRANT SELECT, INSERT ON groups TO {app};
GRANT UPDATE (title, concern, restricted, named_ids, status, closed_on, version) ON groups TO {app};

ALTER TABLE group_notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY group_notes_read ON group_notes FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM groups WHERE groups.id = group_notes.group_id));
CREATE POLICY group_notes_add ON group_notes FOR INSERT TO {app}
  WITH CHECK (author_id = (SELECT ek_user_id())
    AND EXISTS (SELECT 1 FROM groups WHERE groups.id = group_notes.group_id));
GRANT SELECT, INSERT ON group_notes TO {app};

-- ---------------------------------------------------------------- people without a case
-- Seen through their case or group; one who has become a citizen is seen by those who see the citizen.
ALTER TABLE related_people ENABLE ROW LEVEL SECURITY;
CREATE POLICY related_people_read ON related_people FOR SELECT TO {app} USING (
  (EXISTS (SELECT 1 FROM cases WHERE cases.id = related_people.case_id)
    OR EXISTS (SELECT 1 FROM groups WHERE groups.id = related_people.group_id))
  AND (became_citizen_id IS NULL OR EXISTS (SELECT 1 FROM citizens WHERE citizens.id = became_citizen_id))
);
CREATE POLICY related_people_add ON related_people FOR INSERT TO {app} WITH CHECK (
  (SELECT ek_role()) IN ('koordinator', 'leder')
  AND created_by_id = (SELECT ek_user_id()) AND became_citizen_id IS NULL
  AND (EXISTS (SELECT 1 FROM cases WHERE cases.id = related_people.case_id)
    OR EXISTS (SELECT 1 FROM groups WHERE groups.id = related_people.group_id))
);
CREATE POLICY related_people_change ON related_people FOR UPDATE TO {app} USING (
  (SELECT ek_role()) IN ('koordinator', 'leder')
  AND (EXISTS (SELECT 1 FROM cases WHERE cases.id = related_people.case_id)
    OR EXISTS (SELECT 1 FROM groups WHERE groups.id = related_people.group_id))
  AND (became_citizen_id IS NULL OR EXISTS (SELECT 1 FROM citizens WHERE citizens.id = became_citizen_id))
);
GRANT SELECT, INSERT ON related_people TO {app};
GRANT UPDATE (name, cpr, cpr_index, birth_date, phone, address, delete_on, became_citizen_id, version)
  ON related_people TO {app};

-- ---------------------------------------------------------------- relations
-- Seen by those who see the case it is recorded in and the citizen at the other end; to all others there is none.
ALTER TABLE relations ENABLE ROW LEVEL SECURITY;
CREATE POLICY relations_read ON relations FOR SELECT TO {app} USING (
  EXISTS (SELECT 1 FROM cases WHERE cases.id = relations.case_id)
  AND (other_citizen_id IS NULL OR EXISTS (SELECT 1 FROM citizens WHERE citizens.id = other_citizen_id))
);
CREATE POLICY relations_add ON relations FOR INSERT TO {app} WITH CHECK (
  (SELECT ek_role()) IN ('koordinator', 'leder') AND recorded_by_id = (SELECT ek_user_id())
  AND EXISTS (SELECT 1 FROM cases WHERE cases.id = relations.case_id AND cases.citizen_id = relations.citizen_id)
  AND (other_citizen_id IS NULL OR EXISTS (SELECT 1 FROM citizens WHERE citizens.id = other_citizen_id))
);
CREATE POLICY relations_change ON relations FOR UPDATE TO {app} USING (
  (SELECT ek_role()) IN ('koordinator', 'leder')
  AND EXISTS (SELECT 1 FROM cases WHERE cases.id = relations.case_id)
  AND (other_citizen_id IS NULL OR EXISTS (SELECT 1 FROM citizens WHERE citizens.id = other_citizen_id))
);
GRANT SELECT, INSERT ON relations TO {app};
GRANT UPDATE (other_citizen_id, person_id, kind, profession, organisation, from_day, to_day, source, note, removed_at,
  version) ON relations TO {app};

-- ---------------------------------------------------------------- members
ALTER TABLE group_members ENABLE ROW LEVEL SECURITY;
CREATE POLICY group_members_read ON group_members FOR SELECT TO {app} USING (
  EXISTS (SELECT 1 FROM groups WHERE groups.id = group_members.group_id)
  AND (citizen_id IS NULL OR EXISTS (SELECT 1 FROM citizens WHERE citizens.id = group_members.citizen_id))
);
CREATE POLICY group_members_add ON group_members FOR INSERT TO {app} WITH CHECK (
  added_by_id = (SELECT ek_user_id())
  AND EXISTS (SELECT 1 FROM groups WHERE groups.id = group_members.group_id)
  AND (citizen_id IS NULL OR EXISTS (SELECT 1 FROM citizens WHERE citizens.id = group_members.citizen_id))
);
CREATE POLICY group_members_change ON group_members FOR UPDATE TO {app} USING (
  EXISTS (SELECT 1 FROM groups WHERE groups.id = group_members.group_id)
  AND (citizen_id IS NULL OR EXISTS (SELECT 1 FROM citizens WHERE citizens.id = group_members.citizen_id))
);
GRANT SELECT, INSERT ON group_members TO {app};
GRANT UPDATE (citizen_id, person_id, from_day, to_day, role_note, removed_at, version) ON group_members TO {app};

-- ---------------------------------------------------------------- forgetting
-- The scheduler deletes people whose day has come, and those who live on as citizens; it reads no word about them.
CREATE POLICY related_people_job ON related_people FOR ALL TO {job}
  USING (delete_on <= (SELECT ek_today()) OR became_citizen_id IS NOT NULL);
CREATE POLICY relations_job ON relations FOR ALL TO {job} USING (person_id IS NOT NULL);
CREATE POLICY group_members_job ON group_members FOR ALL TO {job} USING (person_id IS NOT NULL);
GRANT SELECT (id, case_id, group_id, delete_on, became_citizen_id), DELETE ON related_people TO {job};
GRANT SELECT (id, case_id, person_id), DELETE ON relations TO {job};
GRANT SELECT (id, group_id, person_id), DELETE ON group_members TO {job};

-- ---------------------------------------------------------------- the record
-- That a relation to another citizen was written is told to those who see the relation. For the owner-side function
-- below, which runs past the policies, the rule once more; a test holds the two to the same answer.
CREATE FUNCTION ek_relation_in_sight(p_relation integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM relations r
    WHERE r.id = p_relation AND ek_case_in_sight(r.case_id)
      AND (r.other_citizen_id IS NULL OR ek_citizen_in_sight(r.other_citizen_id)))
$$;
REVOKE ALL ON FUNCTION ek_relation_in_sight(integer) FROM PUBLIC;

CREATE POLICY audit_events_relations ON audit_events AS RESTRICTIVE FOR SELECT TO {app} USING (
  subject_type IS DISTINCT FROM 'relation'
  OR EXISTS (SELECT 1 FROM relations WHERE relations.id = audit_events.subject_id)
);

CREATE OR REPLACE FUNCTION ek_case_events(p_case integer, p_events text[], p_listed boolean, p_offset integer, p_limit integer)
RETURNS TABLE (id bigint, at timestamptz, event text, user_id integer, system text, basis text, details jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.id, e.at, e.event, e.user_id, e.system, e.basis, e.details FROM (
    (SELECT * FROM audit_events WHERE case_id = p_case AND (p_events IS NULL OR event = ANY (p_events))
        AND (subject_type IS DISTINCT FROM 'relation' OR ek_relation_in_sight(subject_id))
      ORDER BY at DESC, id DESC LIMIT p_offset + p_limit)
    UNION ALL
    (SELECT * FROM audit_events WHERE p_listed AND listed_case_ids @> ARRAY[p_case]::bigint[]
        AND (p_events IS NULL OR event = ANY (p_events))
      ORDER BY at DESC, id DESC LIMIT p_offset + p_limit)
  ) e
  WHERE ek_case_in_sight(p_case)
  ORDER BY e.at DESC, e.id DESC LIMIT p_limit OFFSET p_offset
$$;
