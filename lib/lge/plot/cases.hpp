#pragma once
#include "lge/io/cohort.hpp"
#include "lge/plot/montage.hpp"
#include "lge/volume/grid.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lge::plot {

/// The cases of a cohort, or the one of a NIfTI image, as tiles. The tiles see pixels that live here.
class Cases {
public:
    /// Labels come from `label_path` (of the same kind, a cohort matched by case id), else from the cohort itself;
    /// with neither there are none. bad_data when the sizes differ or a case has no labels there.
    Cases(const std::string& path, const std::optional<std::string>& label_path);

    [[nodiscard]] std::size_t size() const { return cases_.size(); }
    [[nodiscard]] const std::string& id(std::size_t i) const { return cases_[i].id; }
    [[nodiscard]] std::size_t slice_count(std::size_t i) const { return cases_[i].tiles.size(); }
    /// Slice s of case i; its corner text is its level, else its number from 1.
    [[nodiscard]] const Tile& tile(std::size_t i, std::size_t s) const { return cases_[i].tiles[s]; }

private:
    struct Case {
        std::string id;
        std::vector<Tile> tiles;
    };
    void take_cohort(const std::optional<std::string>& label_path);
    void take_volume(const std::optional<std::string>& label_path, const std::string& name);
    std::optional<io::Cohort> cohort_, labels_;
    volume::Volume<float> image_;
    std::optional<volume::Volume<std::uint8_t>> label_;
    std::vector<Case> cases_;
};

}  // namespace lge::plot
