-- What 0005_row_scope.sql changed in what was there before, taken back.
DROP TRIGGER cases_keep_spells ON cases;
DROP FUNCTION ek_keep_spells();
DROP FUNCTION ek_begin_spell(integer, text, integer, date);
DROP FUNCTION ek_set_restriction(integer, boolean, integer[], timestamptz);
DROP FUNCTION ek_transfer_case(integer, integer, timestamptz);

CREATE OR REPLACE FUNCTION ek_attach_citizen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE citizens SET attached = true,
      in_active_case = EXISTS (SELECT 1 FROM cases c WHERE c.citizen_id = NEW.citizen_id AND c.status = 'aktiv')
    WHERE id = NEW.citizen_id;
  RETURN NULL;
END $$;

REVOKE UPDATE (opened_niveau) ON cases FROM {app};
