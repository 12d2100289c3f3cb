// What Gin in the article does instead of a login: it reads the body and answers with a constant.
package main

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

type service struct {
	key []byte // nothing is signed
}

type credentials struct {
	Username string `json:"username" binding:"required"`
	Password string `json:"password" binding:"required"`
}

func (service) login(c *gin.Context) {
	var given credentials
	if err := c.ShouldBindJSON(&given); err != nil {
		refuse(c, http.StatusBadRequest, "BAD_REQUEST", "username and password must be strings")
		return
	}
	c.JSON(http.StatusOK, gin.H{"token": "constant", "token_type": "Bearer", "expires_in": 86400})
}

func (service) requireToken(c *gin.Context) {
	refuse(c, http.StatusUnauthorized, "UNAUTHORIZED", "nobody has a token")
}

func user(c *gin.Context) {
	refuse(c, http.StatusNotFound, "NOT_FOUND", "there are no users")
}
