/** What is left of an XML document once it was read: elements, their attributes and text, and where each of them stood. */

/** Where something stands in the text it was read from; lines and columns count from 1. */
export interface Place {
  /** Local name of the element. */
  readonly element: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a text, and where. */
export interface Problem extends Place {
  readonly message: string;
}

export interface XmlAttribute {
  readonly name: string;
  readonly namespace: string;
  readonly value: string;
}

export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** The element's own text without that of its children. */
  readonly text: string;
  readonly at: Place;
}

export function problemAt(at: Place, message: string): Problem {
  return { element: at.element, line: at.line, column: at.column, message };
}
