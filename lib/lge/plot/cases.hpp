#pragma once
#include "lge/io/cohort.hpp"
#include "lge/metrics/answers.hpp"
#include "lge/plot/montage.hpp"
#include "lge/volume/grid.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lge::plot {

/// The cases of a cohort, or the one of a NIfTI image, as tiles. The tiles see pixels that live here.
class Cases {
public:
    /// Labels come from `label_path` (of the same kind, a cohort matched by case id), else from the cohort itself;
    /// with neither there are none. Heat maps come from the images of `heat_path`, of the same kind too. bad_data when the
    /// sizes differ or a case is not there.
    Cases(const std::string& path, const std::optional<std::string>& label_path, const std::optional<std::string>& heat_path = std::nullopt);

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
    void take_cohort(const std::optional<std::string>& label_path, const std::optional<std::string>& heat_path);
    void take_volume(const std::optional<std::string>& label_path, const std::optional<std::string>& heat_path, const std::string& name);
    std::optional<io::Cohort> cohort_, labels_, heats_;
    volume::Volume<float> image_, heat_;
    std::optional<volume::Volume<std::uint8_t>> label_;
    std::vector<Case> cases_;
};

/// What of some cases a montage shows.
struct MontageChoice {
    std::string title;
    std::size_t cases = 6, slices = 5, columns = 0;
    unsigned tile = 180;
    bool whole = false;      ///< slices whole, not the square about their labels
    bool ids = false;        ///< head cases with ids, not with numbers
    std::map<metrics::Key, Call> calls;
    std::string heat_name = "heat";
};
struct Composed {
    Montage montage;
    std::size_t uncalled = 0;  ///< cases shown for which there is no call
};
/// Evenly spread cases and slices. With several `runs`, which show the same images with other labels, each case has a block for each run, headed
/// by its name. usage when the runs differ in their cases.
Composed compose(const std::vector<Cases>& runs, const std::vector<std::string>& names, const MontageChoice& choice);

}  // namespace lge::plot
