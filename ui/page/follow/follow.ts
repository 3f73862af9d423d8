// The QR code of a receipt leads here with the number behind the #, which browsers do not send. It is filled in and taken
// out of the address.

const number = document.querySelector<HTMLInputElement>('input[name=number]');
const given = new URLSearchParams(location.hash.slice(1)).get('number');
if (number && given && !number.value) {
  number.value = given;
  history.replaceState(null, '', location.pathname + location.search);
  document.querySelector<HTMLInputElement>('input[name=code]')?.focus();
}

export {};
