DROP TABLE "portcullis_known_address";
