// Swagger UI's license requires that its text and its notices come with every copy.
import license from "swagger-ui-dist/LICENSE?url";
import notices from "swagger-ui-dist/swagger-ui-es-bundle.js.LICENSE.txt?url";

export function Licenses() {
  return (
    <>
      Swagger UI shows the requests: <a href={license}>Apache License 2.0</a>,{" "}
      <a href={notices}>notices of the packages in it</a>.
    </>
  );
}
