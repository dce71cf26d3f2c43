-- Assessments follow the sight of their case (0002_row_scope.sql); the checklist is everybody's.

-- ---------------------------------------------------------------- the checklist: a version is never changed
ALTER TABLE assessment_checklists ENABLE ROW LEVEL SECURITY;
CREATE POLICY assessment_checklists_read ON assessment_checklists FOR SELECT TO {app} USING (true);
CREATE POLICY assessment_checklists_add ON assessment_checklists FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) = 'administrator');
GRANT SELECT, INSERT ON assessment_checklists TO {app};

-- ---------------------------------------------------------------- assessments and their ratings
ALTER TABLE assessments ENABLE ROW LEVEL SECURITY;
CREATE POLICY assessments_read ON assessments FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = assessments.case_id));
CREATE POLICY assessments_add ON assessments FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder') AND state = 'kladde'
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = assessments.case_id));
CREATE POLICY assessments_change ON assessments FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = assessments.case_id));
GRANT SELECT, INSERT ON assessments TO {app};
GRANT UPDATE (state, on_day, main_source, concerns, resources, raises, lowers, urgency, urgency_reasons,
  proposed_niveau, own_view, review_on, saved_by_id, saved_at, ended_by_id, ended_at, version) ON assessments TO {app};

ALTER TABLE assessment_ratings ENABLE ROW LEVEL SECURITY;
CREATE POLICY assessment_ratings_read ON assessment_ratings FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = assessment_ratings.case_id));
CREATE POLICY assessment_ratings_add ON assessment_ratings FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = assessment_ratings.case_id));
CREATE POLICY assessment_ratings_change ON assessment_ratings FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = assessment_ratings.case_id));
GRANT SELECT, INSERT ON assessment_ratings TO {app};
GRANT UPDATE (rating, source, observed_on, reasons, carried) ON assessment_ratings TO {app};

-- ---------------------------------------------------------------- what has been signed stands, whoever asks
-- Not owner-side: whoever may write a row sees the assessment that it hangs on, through the same case.
CREATE FUNCTION ek_keep_assessment() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.state <> 'kladde' THEN
    RAISE EXCEPTION 'assessment % is no draft any more, and stands', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF NEW.state = 'underskrevet'
    AND EXISTS (SELECT 1 FROM assessment_ratings r WHERE r.assessment_id = NEW.id AND r.rating IS NULL) THEN
    RAISE EXCEPTION 'assessment % has items without a rating', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessments_keep BEFORE UPDATE OR DELETE ON assessments
  FOR EACH ROW EXECUTE FUNCTION ek_keep_assessment();

CREATE FUNCTION ek_keep_assessment_rating() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_assessment integer := CASE TG_OP WHEN 'INSERT' THEN NEW.assessment_id ELSE OLD.assessment_id END;
BEGIN
  IF EXISTS (SELECT 1 FROM assessments a WHERE a.id = v_assessment AND a.state <> 'kladde') THEN
    RAISE EXCEPTION 'assessment % is no draft any more, and stands', v_assessment
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER assessment_ratings_keep BEFORE INSERT OR UPDATE OR DELETE ON assessment_ratings
  FOR EACH ROW EXECUTE FUNCTION ek_keep_assessment_rating();
