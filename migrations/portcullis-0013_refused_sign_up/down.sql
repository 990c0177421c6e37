DROP TABLE IF EXISTS "portcullis_refused_sign_up";
