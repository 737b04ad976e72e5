# LibTorch as plain imported targets: LibTorch::cpu, and LibTorch::cuda where its CUDA half can be linked.
# Looks in CMAKE_PREFIX_PATH (the folder that holds include/ and lib/ of LibTorch) and in build/deps, where
# pipelines/setup puts the wheel. Torch's own package file insists on a CUDA toolkit, so it is not used.
set(_deps ${PROJECT_SOURCE_DIR}/build/deps)
find_path(LibTorch_INCLUDE_DIR torch/csrc/api/include/torch/torch.h
  HINTS ${_deps}/torch PATH_SUFFIXES include NO_CMAKE_SYSTEM_PATH)
get_filename_component(_torch ${LibTorch_INCLUDE_DIR} DIRECTORY)
find_library(LibTorch_CPU_LIBRARY torch_cpu HINTS ${_torch}/lib NO_CMAKE_SYSTEM_PATH)
find_library(LibTorch_C10_LIBRARY c10 HINTS ${_torch}/lib NO_CMAKE_SYSTEM_PATH)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_INCLUDE_DIR LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY
  REASON_FAILURE_MESSAGE "run pipelines/setup, or point CMAKE_PREFIX_PATH at a LibTorch, or set LGE_TORCH=OFF")

if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
  # The PyPI build of libtorch_cpu needs CUDA's runtime and CUPTI even to start on a CPU.
  file(GLOB _cuda_runtime ${_deps}/nvidia/cu13/lib)
  add_library(LibTorch::cpu INTERFACE IMPORTED)
  target_include_directories(LibTorch::cpu SYSTEM INTERFACE
    ${LibTorch_INCLUDE_DIR} ${LibTorch_INCLUDE_DIR}/torch/csrc/api/include)
  # LibTorch brings its own fmt headers, newer than the system's library: they must not ask for symbols of it.
  target_compile_definitions(LibTorch::cpu INTERFACE FMT_HEADER_ONLY=1)
  target_link_options(LibTorch::cpu INTERFACE -Wl,--no-as-needed)
  target_link_libraries(LibTorch::cpu INTERFACE ${LibTorch_CPU_LIBRARY} ${LibTorch_C10_LIBRARY})
  foreach(dir ${_cuda_runtime})
    target_link_options(LibTorch::cpu INTERFACE -Wl,-rpath,${dir} -Wl,-rpath-link,${dir})
  endforeach()
endif()
