#include "lge/itk/series.hpp"

#include <catch2/catch.hpp>

using lge::itk::Contrast;
using lge::itk::contrast_of;

TEST_CASE("phase-sensitive and magnitude images are told by type, then by description") {
    CHECK(contrast_of("ORIGINAL\\PRIMARY\\M\\ND", "lge sax") == Contrast::magnitude);
    CHECK(contrast_of("ORIGINAL\\PRIMARY\\M\\PSIR\\ND", "lge sax") == Contrast::psir);
    CHECK(contrast_of("DERIVED\\PRIMARY\\PSIR\\M", "lge_MAG") == Contrast::psir);
    CHECK(contrast_of("ORIGINAL\\PRIMARY\\M\\MAG\\ND", "psir sax") == Contrast::magnitude);
    CHECK(contrast_of("ORIGINAL\\PRIMARY\\M_IR\\M\\IR", "LGE") == Contrast::magnitude);
    CHECK(contrast_of("ORIGINAL\\PRIMARY\\PS_IR\\PS\\IR", "LGE") == Contrast::psir);
    CHECK(contrast_of("ORIGINAL\\PRIMARY\\CR_IR\\CR\\IR", "LGE") == Contrast::psir);
    CHECK(contrast_of("ORIGINAL\\PRIMARY\\R_IR\\R\\IR", "LGE") == Contrast::psir);
    CHECK(contrast_of("ORIGINAL\\PRIMARY\\M\\ND", "de_tfi_PSIR_sax") == Contrast::psir);
    CHECK(contrast_of("ORIGINAL\\PRIMARY\\M\\ND", "de_psir_sax_MAG") == Contrast::magnitude);
    CHECK(contrast_of("ORIGINAL\\PRIMARY\\M\\ND", "phase sensitive") == Contrast::psir);
    CHECK(contrast_of("ORIGINAL\\PRIMARY\\OTHER", "SAX") == Contrast::any);
    CHECK(contrast_of("", "") == Contrast::any);
}
