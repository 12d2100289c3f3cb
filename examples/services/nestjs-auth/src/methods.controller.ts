import { All, Controller, Header, MethodNotAllowedException } from "@nestjs/common";

const FAULTS = process.env.FAULTS === "1" ? ["_fault/panic", "_fault/slow"] : [];

// Nest answers a known path with an unknown method like an unknown path, so the rest of the methods is taken here.
@Controller()
export class MethodsController {
  @All("auth")
  @Header("Allow", "POST")
  onlyPost() {
    throw new MethodNotAllowedException("the route exists, the method does not");
  }

  @All(["healthz", "readyz", "metrics", "user/:id", "api/users/:id", ...FAULTS])
  @Header("Allow", "GET, HEAD")
  onlyGet() {
    throw new MethodNotAllowedException("the route exists, the method does not");
  }
}
