// The command `recurrent`. Everything is in RecurrentCommand, where tests reach it.
import Foundation
import RecurrentCommand

let arguments = Array(CommandLine.arguments.dropFirst())
exit(CommandLineTool.recurrent.run(arguments, console: Console()).rawValue)
