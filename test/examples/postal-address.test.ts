import { expect, test } from "vitest";
import readUsaddress from "../../examples/postal-address/read-usaddress.ts";

/** A few lines in the form of the package's training file, made up here. */
const xml = `<AddressCollection>
  <AddressString><AddressNumber>12</AddressNumber> <StreetNamePreDirectional>N.</StreetNamePreDirectional> <StreetName>Oak</StreetName> <StreetNamePostType>St.,</StreetNamePostType> <OccupancyType>Suite</OccupancyType> <OccupancyIdentifier>4,</OccupancyIdentifier> <PlaceName>New</PlaceName> <PlaceName>Town,</PlaceName> <StateName>IL</StateName> <ZipCode>60601</ZipCode></AddressString>
  <AddressString><Recipient>Smith</Recipient> <Recipient>&amp;</Recipient> <Recipient>Sons
</Recipient> <USPSBoxType>PO</USPSBoxType> <USPSBoxType>Box</USPSBoxType> <USPSBoxID>7</USPSBoxID> <CountryName>USA</CountryName></AddressString>
  <AddressString><AddressNumber>12</AddressNumber> <StreetName>Oak</StreetName> <AddressNumber>14</AddressNumber></AddressString>
  <AddressString><NotAddress>&#189;</NotAddress></AddressString>
  <AddressString></AddressString>
</AddressCollection>`;

test("words become fields, separators go, broken fields are counted", () => {
  expect([...readUsaddress(new TextEncoder().encode(xml))]).toEqual([
    {
      input: { text: "12 N. Oak St., Suite 4, New Town, IL 60601" },
      output: {
        number: "12",
        street: "N. Oak St.",
        unit: "Suite 4",
        city: "New Town",
        state: "IL",
        zip: "60601",
      },
      group: "12 n oak st",
      place: 0,
    },
    {
      input: { text: "Smith & Sons PO Box 7 USA" },
      output: { recipient: "Smith & Sons", poBox: "PO Box 7" },
      place: 1,
    },
    { drop: "a field in two pieces" },
    { input: { text: "\u00bd" }, output: {}, place: 3 },
    { drop: "no words" },
  ]);
});
