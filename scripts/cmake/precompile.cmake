# UCSIGNIN_PRECOMPILE (the sanitizers' build, which compiles everything): what most sources include is parsed once. The
# other builds go without, so that a source that lacks an include doesn't compile there.
function(ucsignin_precompile name)   # NAME HEADERS header... TARGETS target...
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;TARGETS")
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp CONTENT "")   # the same file is not written again
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE ucsignin_flags)
  target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")   # for ccache
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
  foreach(target ${arg_TARGETS})
    target_precompile_headers(${target} REUSE_FROM ${name})
  endforeach()
endfunction()

function(ucsignin_targets_below result)   # RESULT directory...
  set(all)
  foreach(directory ${ARGN})
    get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target ${targets})
      get_target_property(type ${target} TYPE)
      get_target_property(options ${target} COMPILE_OPTIONS)
      if(type MATCHES "STATIC_LIBRARY|EXECUTABLE" AND NOT "${options}" MATCHES "-O1")
        list(APPEND all ${target})
      endif()
    endforeach()
  endforeach()
  set(${result} ${all} PARENT_SCOPE)
endfunction()

set(usual_headers <algorithm> <array> <chrono> <charconv> <cstdint> <expected> <functional> <map> <memory> <optional> <set>
  <span> <string> <string_view> <utility> <vector> <fmt/format.h> <boost/asio/awaitable.hpp> <boost/asio/use_awaitable.hpp>)
# lib/host is compiled with the flags of its libraries (-pthread), which a header of others does not fit.
ucsignin_targets_below(of_the_library lib/net lib/sip lib/auth lib/diagnosis lib/signin lib/lab cmd/ucsignin)
ucsignin_precompile(ucsignin_usual HEADERS ${usual_headers} TARGETS ${of_the_library})
# What includes the kernel's headers needs them to be the first of their kind.
file(GLOB next_to_the_system ${PROJECT_SOURCE_DIR}/lib/net/${UCSIGNIN_SYSTEM}/*.cpp)
set_source_files_properties(${next_to_the_system} TARGET_DIRECTORY ucsignin_net PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
ucsignin_targets_below(of_the_tests tests/trace tests/host tests/net tests/sip tests/auth tests/diagnosis tests/report
  tests/signin tests/lab)
ucsignin_precompile(ucsignin_usual_of_tests HEADERS ${usual_headers} <catch2/catch.hpp> TARGETS ${of_the_tests})
