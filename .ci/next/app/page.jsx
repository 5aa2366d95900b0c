export default function Page() {
  return <p>POST an image to /api/detect.</p>;
}
