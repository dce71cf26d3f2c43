-- A plan and what hangs on it follow the sight of their case; whoever works on the case writes.
-- Nothing is deleted: what was agreed and given up again is part of the case.

ALTER TABLE handleplans ENABLE ROW LEVEL SECURITY;
CREATE POLICY handleplans_read ON handleplans FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = handleplans.case_id));
CREATE POLICY handleplans_add ON handleplans FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = handleplans.case_id));
CREATE POLICY handleplans_change ON handleplans FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = handleplans.case_id));
GRANT SELECT, INSERT ON handleplans TO {app};
GRANT UPDATE (aim, own_words, closed_on, closing, version) ON handleplans TO {app};

ALTER TABLE plan_goals ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_goals_read ON plan_goals FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = plan_goals.case_id));
CREATE POLICY plan_goals_add ON plan_goals FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = plan_goals.case_id));
CREATE POLICY plan_goals_change ON plan_goals FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = plan_goals.case_id));
GRANT SELECT, INSERT ON plan_goals TO {app};
GRANT UPDATE (text, state, version) ON plan_goals TO {app};

ALTER TABLE plan_measures ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_measures_read ON plan_measures FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = plan_measures.case_id));
CREATE POLICY plan_measures_add ON plan_measures FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = plan_measures.case_id));
CREATE POLICY plan_measures_change ON plan_measures FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = plan_measures.case_id));
GRANT SELECT, INSERT ON plan_measures TO {app};
GRANT UPDATE (goal_id, catalogue_id, text, note, responsible_user_id, organisation, from_day, to_day, state,
  ended_on, result, result_note, version) ON plan_measures TO {app};

ALTER TABLE plan_follow_ups ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_follow_ups_read ON plan_follow_ups FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = plan_follow_ups.case_id));
CREATE POLICY plan_follow_ups_add ON plan_follow_ups FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = plan_follow_ups.case_id));
CREATE POLICY plan_follow_ups_change ON plan_follow_ups FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = plan_follow_ups.case_id));
GRANT SELECT, INSERT ON plan_follow_ups TO {app};
GRANT UPDATE (on_day, held_on, cancelled_on, text, version) ON plan_follow_ups TO {app};

ALTER TABLE plan_acute_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_acute_lines_read ON plan_acute_lines FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = plan_acute_lines.case_id));
CREATE POLICY plan_acute_lines_add ON plan_acute_lines FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = plan_acute_lines.case_id));
CREATE POLICY plan_acute_lines_change ON plan_acute_lines FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = plan_acute_lines.case_id));
GRANT SELECT, INSERT ON plan_acute_lines TO {app};
GRANT UPDATE (what, responsible_user_id, organisation, outcome, ended_at, version) ON plan_acute_lines TO {app};

-- Use and outcome are counted per kind of measure; no text goes to the figures.
CREATE POLICY plan_measures_stat ON plan_measures FOR SELECT TO {stat} USING (true);
GRANT SELECT (catalogue_id, from_day, ended_on, result) ON plan_measures TO {stat};

-- The catalogue is no secret; the administrator keeps it.
ALTER TABLE measure_catalogue ENABLE ROW LEVEL SECURITY;
CREATE POLICY measure_catalogue_read ON measure_catalogue FOR SELECT TO {app}, {stat} USING (true);
CREATE POLICY measure_catalogue_write ON measure_catalogue FOR ALL TO {app}
  USING ((SELECT ek_role()) = 'administrator') WITH CHECK ((SELECT ek_role()) = 'administrator');
GRANT SELECT, INSERT ON measure_catalogue TO {app};
GRANT UPDATE (label, active, version) ON measure_catalogue TO {app};
GRANT SELECT (id, label) ON measure_catalogue TO {stat};
