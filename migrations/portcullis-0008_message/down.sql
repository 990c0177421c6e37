DROP TABLE "portcullis_message";
