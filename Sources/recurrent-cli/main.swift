// The command `recurrent`. Everything is in RecurrentCommand, where tests reach it.
import Foundation
import RecurrentCommand

exit(CommandLineTool.recurrent.runProcess().rawValue)
