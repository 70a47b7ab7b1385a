/* answer_sheet.h - `sekisho answer-sheet verify FILE --key K`: is this the file of that sender, unchanged?
 *
 * Does      what an office does with a file that it receives, offline: content, entry, inclusion, signature, and whose key it is.
 * Layer     cli.
 * Fails     exit 0 verified, 1 something does not hold, 3 usage or a file that cannot be read.
 */
#ifndef CLI_ANSWER_SHEET_H
#define CLI_ANSWER_SHEET_H

int answer_sheet_main(int argc, char **argv);      /* arguments behind the word `answer-sheet` */

#endif
