#pragma once
// Who takes part in a training run of several processes, as the program that started them says.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace lge::nn {

/// The processes of a run: numbers from 0; `local` counts those of this machine.
struct World {
    int rank = 0, size = 1, local = 0;
    std::string address;      // where process 0 listens
    std::uint16_t port = 0;
};

/// From the variables of torchrun (RANK, WORLD_SIZE, LOCAL_RANK), srun (SLURM_STEP_ID, SLURM_PROCID, SLURM_NTASKS,
/// SLURM_LOCALID) or mpirun (OMPI_COMM_WORLD_*), the first of these that is there; one process otherwise. MASTER_ADDR and
/// MASTER_PORT say where to meet; without them it is the first host of SLURM_JOB_NODELIST and a port made of the job's number,
/// or, where mpirun started all on one machine, 127.0.0.1 and 29500. usage when they do not fit together.
World world_of(const std::function<const char*(const char* name)>& variable);
World world_of_environment();

/// The first host of a Slurm list: "n[03-05,9],m1" gives "n03".
std::string first_host(std::string_view nodelist);

class Peers;
/// Meets the other processes of the world; null when this one is alone. unavailable when they do not come within a minute.
std::shared_ptr<Peers> meet(const World& world);

}  // namespace lge::nn
