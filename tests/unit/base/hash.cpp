#include "lge/base/hash.hpp"
#include "lge/base/stream.hpp"

#include <catch2/catch.hpp>

TEST_CASE("SHA-256 gives the known answers of FIPS 180-2") {
    CHECK(lge::sha256(lge::as_bytes("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    lge::Sha256 h;
    h.add(lge::as_bytes("a"));
    h.add(lge::as_bytes("bc"));
    CHECK(h.hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
