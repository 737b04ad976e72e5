add_library(lge-options INTERFACE)
# -Wno-restrict: g++ 12 warns wrongly of "literal" + std::string (its bug 105651).
target_compile_options(lge-options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  -fstack-protector-strong $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
target_link_options(lge-options INTERFACE -Wl,-z,relro,-z,now -Wl,--as-needed)
if(LGE_WERROR)
  target_compile_options(lge-options INTERFACE -Werror)
endif()

# lge_library(NAME [USES public...] [HIDES private...] [ROOMS folder...]): lib/lge/NAME/*.cpp and those of its rooms.
# The target is lge-lib-NAME (lge-plot and lge-orient are tools); use it as lge::NAME. HIDES names what only the sources of the module include.
function(lge_library name)
  cmake_parse_arguments(A "" "" "USES;HIDES;ROOMS" ${ARGN})
  list(TRANSFORM A_ROOMS REPLACE "(.+)" "lge/${name}/\\1/*.cpp")
  file(GLOB sources CONFIGURE_DEPENDS lge/${name}/*.cpp ${A_ROOMS})
  if(NOT sources)
    add_library(lge-lib-${name} INTERFACE)
    add_library(lge::${name} ALIAS lge-lib-${name})
    return()
  endif()
  add_library(lge-lib-${name} STATIC ${sources})
  target_include_directories(lge-lib-${name} PUBLIC ${PROJECT_SOURCE_DIR}/lib)
  target_link_libraries(lge-lib-${name} PUBLIC ${A_USES} PRIVATE ${A_HIDES} lge-options)
  add_library(lge::${name} ALIAS lge-lib-${name})
endfunction()

# lge_module(NAME OF MODULE SOURCES file... USES target...): a shared object beside the library, which the code of MODULE
# loads when it is first needed, because what it links is slow to load.
function(lge_module name)
  cmake_parse_arguments(A "" "OF" "SOURCES;USES" ${ARGN})
  add_library(lge-${name} MODULE ${A_SOURCES})
  target_link_libraries(lge-${name} PRIVATE ${A_USES} lge-options)
  set_target_properties(lge-${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib CXX_VISIBILITY_PRESET hidden)
  add_dependencies(lge-lib-${A_OF} lge-${name})
  install(TARGETS lge-${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()

# lge_tool(lge-foo USES lge::bar ...): tools/lge-foo.cpp, man/lge-foo.1.in, tests/cli/lge-foo.bats
function(lge_tool name)
  cmake_parse_arguments(A "" "" "USES" ${ARGN})
  add_executable(${name} ${name}.cpp)
  target_link_libraries(${name} PRIVATE lge::cli ${A_USES} lge-options)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  set_property(GLOBAL APPEND PROPERTY LGE_TOOLS ${name})

  set(completion ${PROJECT_BINARY_DIR}/completion/${name})
  add_custom_command(OUTPUT ${completion}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/completion
    COMMAND ${name} --print-completion > ${completion} DEPENDS ${name} VERBATIM)
  add_custom_target(${name}.completion ALL DEPENDS ${completion})
  install(FILES ${completion} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)

  if(LGE_MAN)
    set(page ${PROJECT_BINARY_DIR}/man/${name}.1)
    add_custom_command(OUTPUT ${page}
      COMMAND ${CMAKE_COMMAND} -DTOOL=$<TARGET_FILE:${name}> -DIN=${PROJECT_SOURCE_DIR}/man/${name}.1.in
              -DOUT=${page} -P ${PROJECT_SOURCE_DIR}/cmake/LgeManPage.cmake
      DEPENDS ${name} ${PROJECT_SOURCE_DIR}/man/${name}.1.in ${PROJECT_SOURCE_DIR}/cmake/LgeManPage.cmake VERBATIM)
    add_custom_target(${name}.1 ALL DEPENDS ${page})
    install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  endif()
endfunction()
