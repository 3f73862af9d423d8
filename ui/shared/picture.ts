// Pictures are made smaller on the device before they are sent. What is drawn anew says nothing of place, time or camera.

const longSide = 2560; // points: a page of a contract can be read at that
const quality = 0.85;
const thumb = 72;

const drawn = ['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif'];

function canvasOf(bitmap: ImageBitmap, scale: number): HTMLCanvasElement | null {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext('2d');
  if (!pen) return null;
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// smaller gives the picture as it is sent, and a small one to show beside its name. What is no picture, or one that this
// browser cannot draw, stays as it is: the server looks at it.
export async function smaller(file: File): Promise<{file: File; small: string}> {
  if (!drawn.includes(file.type)) return {file, small: ''};
  try {
    const bitmap = await createImageBitmap(file);
    const longest = Math.max(bitmap.width, bitmap.height);
    const small = canvasOf(bitmap, Math.min(1, (2 * thumb) / longest))?.toDataURL('image/jpeg', 0.7) ?? '';
    const lossless = file.type === 'image/png' || file.type === 'image/webp'; // a screen's own writing stays sharp
    if (lossless && longest <= longSide) return {file, small};
    const canvas = canvasOf(bitmap, Math.min(1, longSide / longest));
    bitmap.close();
    const blob = await new Promise<Blob | null>((done) => canvas ? canvas.toBlob(done, 'image/jpeg', quality) : done(null));
    if (!blob) return {file, small};
    return {file: new File([blob], file.name.replace(/\.[^.]*$/, '') + '.jpg', {type: 'image/jpeg'}), small};
  } catch {
    return {file, small: ''};
  }
}
