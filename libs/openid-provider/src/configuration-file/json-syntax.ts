import { type ParseErrorCode, printParseErrorCode } from 'jsonc-parser'

/** By the parser's names for them. */
const mistakes: Readonly<Record<string, string>> = {
  InvalidSymbol: 'what is no number, true, false or null, and not in double quotes',
  PropertyNameExpected: 'no name in double quotes',
  ValueExpected: 'no value',
  ColonExpected: 'no colon before it',
  CommaExpected: 'no comma before it',
  CloseBraceExpected: 'no closing brace',
  CloseBracketExpected: 'no closing bracket',
  EndOfFileExpected: 'more after the end',
  UnexpectedEndOfComment: 'a comment without end',
  UnexpectedEndOfString: 'a text without its closing quote',
  UnexpectedEndOfNumber: 'a number without its last digits',
  InvalidUnicode: 'a \\u without four hexadecimal digits',
  InvalidEscapeCharacter: 'a backslash before a character that takes none',
  InvalidCharacter: 'a character that must be escaped, such as a tab or a line break',
}

/**
 * What the parser finds wrong with a JSON text, in words that continue "line 1, column 1 has".
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8259.html#section-2 RFC 8259 §2}
 */
export function describeSyntaxError(code: ParseErrorCode): string {
  const name = printParseErrorCode(code)
  return mistakes[name] ?? name
}
