# LibTorch as plain imported targets: LibTorch::cpu, and LibTorch::cuda where its CUDA half can be linked.
# Looks in CMAKE_PREFIX_PATH (the folder that holds LibTorch's include/ and lib/) and in build/deps, where
# pipelines/setup puts the wheel. Torch's own package file insists on a CUDA toolkit, so it is not used.
find_path(LibTorch_INCLUDE_DIR torch/csrc/api/include/torch/torch.h
  HINTS ${PROJECT_SOURCE_DIR}/build/deps/torch PATH_SUFFIXES include NO_CMAKE_SYSTEM_PATH)
get_filename_component(_torch "${LibTorch_INCLUDE_DIR}" DIRECTORY)
find_library(LibTorch_CPU_LIBRARY torch_cpu HINTS ${_torch}/lib NO_CMAKE_SYSTEM_PATH)
find_library(LibTorch_C10_LIBRARY c10 HINTS ${_torch}/lib NO_CMAKE_SYSTEM_PATH)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_INCLUDE_DIR LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY
  REASON_FAILURE_MESSAGE "run pipelines/setup, or point CMAKE_PREFIX_PATH at a LibTorch, or set LGE_TORCH=OFF")
if(NOT LibTorch_FOUND OR TARGET LibTorch::cpu)
  return()
endif()

add_library(LibTorch::cpu INTERFACE IMPORTED)
target_include_directories(LibTorch::cpu SYSTEM INTERFACE
  ${LibTorch_INCLUDE_DIR} ${LibTorch_INCLUDE_DIR}/torch/csrc/api/include)
# LibTorch brings its own fmt headers, newer than the system's library: they must not ask for symbols of it.
target_compile_definitions(LibTorch::cpu INTERFACE FMT_HEADER_ONLY=1)
# The wheel's libtorch_cpu finds CUDA's runtime and CUPTI beside itself at run time; the linker need not see them.
target_link_options(LibTorch::cpu INTERFACE -Wl,--no-as-needed -Wl,--allow-shlib-undefined)
target_link_libraries(LibTorch::cpu INTERFACE ${LibTorch_CPU_LIBRARY} ${LibTorch_C10_LIBRARY})

if(LGE_CUDA STREQUAL "OFF")
  return()
endif()
find_library(LibTorch_CUDA_LIBRARY torch_cuda HINTS ${_torch}/lib NO_CMAKE_SYSTEM_PATH)
find_library(LibTorch_C10_CUDA_LIBRARY c10_cuda HINTS ${_torch}/lib NO_CMAKE_SYSTEM_PATH)
if(LibTorch_CUDA_LIBRARY AND LibTorch_C10_CUDA_LIBRARY)
  execute_process(COMMAND ldd ${LibTorch_CUDA_LIBRARY} OUTPUT_VARIABLE _needs ERROR_QUIET)
  string(REGEX MATCHALL "[^\t\n ]+ => not found" _missing "${_needs}")
else()
  set(_missing "libtorch_cuda.so => not found")
endif()
if(NOT _missing)
  add_library(LibTorch::cuda INTERFACE IMPORTED)
  target_compile_definitions(LibTorch::cuda INTERFACE LGE_WITH_CUDA=1)
  target_link_libraries(LibTorch::cuda INTERFACE LibTorch::cpu ${LibTorch_CUDA_LIBRARY} ${LibTorch_C10_CUDA_LIBRARY})
  # c10d's NCCL half asks for the toolkit's headers and NCCL's own; its code is in libtorch_cuda. Without them Gloo carries all.
  find_path(CUDA_RUNTIME_INCLUDE_DIR cuda_runtime_api.h HINTS /usr/local/cuda/include ${_torch}/../nvidia/cu13/include)
  find_path(NCCL_INCLUDE_DIR nccl.h HINTS ${_torch}/../nvidia/nccl/include)
  if(CUDA_RUNTIME_INCLUDE_DIR AND NCCL_INCLUDE_DIR)
    target_include_directories(LibTorch::cuda SYSTEM INTERFACE ${CUDA_RUNTIME_INCLUDE_DIR} ${NCCL_INCLUDE_DIR})
    target_compile_definitions(LibTorch::cuda INTERFACE LGE_WITH_NCCL=1)
  endif()
elseif(LGE_CUDA STREQUAL "ON")
  message(FATAL_ERROR "LGE_CUDA=ON, but LibTorch's CUDA half lacks: ${_missing}; install them, or set LGE_CUDA=OFF")
endif()
