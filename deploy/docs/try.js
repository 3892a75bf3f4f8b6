// The page to try the API against the server that it came from: the OpenAPI document in Swagger UI.
"use strict";
window.SwaggerUIBundle({
    url: "/openapi.json", dom_id: "#try", deepLinking: true, filter: true, docExpansion: "none", tryItOutEnabled: true,
    persistAuthorization: false, displayRequestDuration: true, defaultModelsExpandDepth: -1, validatorUrl: null,
    presets: [window.SwaggerUIBundle.presets.apis],
});
