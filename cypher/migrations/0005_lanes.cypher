// The lanes in which a load writes.
CREATE CONSTRAINT lane_number IF NOT EXISTS FOR (n:Lane) REQUIRE n.number IS UNIQUE;
