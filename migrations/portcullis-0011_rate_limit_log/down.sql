DROP TABLE "portcullis_rate_limit";
