# Runs while installing: manual pages and completions, which the program itself prints.
#   ucsignin_printer  the program
#   ucsignin_share    the folder that is called share
set(manual "${ucsignin_share}/man/man1")

function(print place)
  get_filename_component(folder "${place}" DIRECTORY)
  file(MAKE_DIRECTORY "${folder}")
  execute_process(COMMAND "${ucsignin_printer}" ${ARGN} OUTPUT_FILE "${place}" COMMAND_ERROR_IS_FATAL ANY)
  message(STATUS "Installing: ${place}")
endfunction()

print("${manual}/ucsignin.1" man)
file(STRINGS "${manual}/ucsignin.1" commands REGEX "^\\.It Xr ucsignin-.* 1$")
foreach(command ${commands})
  string(REGEX REPLACE "^.*ucsignin-(.*) 1$" "\\1" command "${command}")
  print("${manual}/ucsignin-${command}.1" man "${command}")
endforeach()
print("${ucsignin_share}/bash-completion/completions/ucsignin" completions bash)
print("${ucsignin_share}/zsh/site-functions/_ucsignin" completions zsh)
print("${ucsignin_share}/fish/vendor_completions.d/ucsignin.fish" completions fish)
