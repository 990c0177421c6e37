DROP TABLE IF EXISTS "portcullis_totp_step";
DROP TABLE IF EXISTS "twoFactor";
