# `cmake --install build --prefix P`: the program, the libraries (static) with their public headers, and the package by
# which find_package(ucsignin) finds them: targets ucsignin::signin, ucsignin::report, ucsignin::lab and those below.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/ucsignin)
# One component, so that no target but these has to be built for it.
set(modules trace host net sip auth diagnosis report signin lab)
foreach(module flags ${modules})
  set_target_properties(ucsignin_${module} PROPERTIES EXPORT_NAME ${module})
  list(APPEND libraries ucsignin_${module})
endforeach()
install(TARGETS ${libraries} EXPORT ucsignin_targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/ucsignin DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(EXPORT ucsignin_targets FILE ucsigninTargets.cmake NAMESPACE ucsignin:: DESTINATION ${package})
configure_package_config_file(scripts/cmake/ucsigninConfig.cmake.in ${PROJECT_BINARY_DIR}/ucsigninConfig.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ucsigninConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES scripts/cmake/pkg_config.cmake ${PROJECT_BINARY_DIR}/ucsigninConfig.cmake
  ${PROJECT_BINARY_DIR}/ucsigninConfigVersion.cmake
  DESTINATION ${package})
install(TARGETS ucsignin RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(CODE "set(ucsignin_printer \"$<TARGET_FILE:ucsignin>\")
  set(ucsignin_share \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATAROOTDIR}\")" COMPONENT program)
install(SCRIPT scripts/cmake/belonging.cmake COMPONENT program)
