#pragma once
// Heat maps as files that lge-plot lays over images.
#include "lge/base/stream.hpp"
#include "lge/io/provenance.hpp"
#include "lge/nn/infer/posing.hpp"

#include <map>
#include <string>

namespace lge::nn {

/// A folder of heat maps: ID_WHAT.nii.gz on the grid of a case's own image, and for cases of cohort files WHAT.h5, a cohort
/// whose pictures are the heat maps, which appears at the end.
class HeatFolder {
public:
    HeatFolder(std::string folder, Overwrite overwrite, io::History history);
    /// `heat` lies on the canonical grid. bad_data when the cohorts' slices differ in size.
    void add(const Item& item, const PosedCase& posed, const std::string& what, const volume::Volume<float>& heat);
    void commit();

private:
    std::string folder_;
    Overwrite overwrite_;
    io::History history_;
    std::map<std::string, io::Cohort> cohorts_;
    std::vector<std::string> inputs_;
};

}  // namespace lge::nn
